import { nothing } from "../destinations/authorize.ts";
import { destinationChange, destinationCreation } from "../destinations/fields.ts";
import { SCHEMAS } from "../destinations/options.ts";
import { previewRequest } from "../destinations/preview.ts";
import { rotation } from "../destinations/rotation.ts";
import { body as testRequest } from "../destinations/test.ts";
import {
  auth,
  authorization,
  destination,
  document,
  payload,
  preview,
  revealedDestination,
  signing,
  testResult,
} from "./destination-shapes.ts";
import { type Section, acting, changing, creating, deleting, listing, showing } from "./old-operation.ts";
import { pageOf } from "./shared.ts";

const { shape } = destinationCreation;
const page = pageOf(destination);
const documentPage = pageOf(document);
const path = "/api/v1/destinations";

export const destinations: Section = {
  tag: "destinations",
  requests: {
    DestinationCreation: destinationCreation,
    DestinationChange: destinationChange,
    DestinationAuthInput: shape.auth.def.innerType,
    DestinationSigningInput: shape.signing.def.innerType,
    DestinationPayloadInput: shape.payload.def.innerType,
    DestinationRateLimitInput: shape.rate_limit,
    DestinationHeadersInput: shape.headers.def.innerType,
    DocumentOptions: SCHEMAS.document,
    QueueOptions: SCHEMAS.queue,
    EmailOptions: SCHEMAS.email,
    DestinationTestRequest: testRequest,
    DestinationPreviewRequest: previewRequest,
    SecretRotation: rotation,
    Nothing: nothing,
  },
  answers: {
    Destination: destination,
    DestinationAuth: auth,
    DestinationSigning: signing,
    DestinationPayload: payload,
    RevealedDestination: revealedDestination,
    DestinationList: page,
    DestinationTestResult: testResult,
    DestinationPreview: preview,
    Authorization: authorization,
    DocumentList: documentPage,
  },
  operations: [
    listing(page, { id: "listDestinations", path, summary: "List destinations" }),
    creating(destinationCreation, revealedDestination, {
      id: "createDestination",
      path,
      summary: "Make a destination",
    }),
    showing(destination, { id: "getDestination", path: `${path}/{id}`, summary: "Show a destination" }),
    changing(destinationChange, revealedDestination, {
      id: "changeDestination",
      path: `${path}/{id}`,
      summary: "Change a destination",
      description: "Secrets that are left out stay; `type` cannot change.",
    }),
    deleting({
      id: "deleteDestination",
      path: `${path}/{id}`,
      summary: "Delete a destination",
      description: "Its pending deliveries are cancelled.",
    }),
    acting(testRequest, testResult, {
      id: "testDestination",
      path: `${path}/{id}/test`,
      summary: "Send a test event",
      description: "One attempt, not recorded. A failure of the receiver is a 200 too.",
    }),
    acting(rotation, revealedDestination, {
      id: "rotateDestinationSecret",
      path: `${path}/{id}/rotate-secret`,
      summary: "Give a destination a new signing secret",
      description: "The one that it replaces signs as well until the overlap ends.",
      problems: { 409: "Its scheme has no secret, or too many secrets sign already." },
    }),
    acting(previewRequest, preview, {
      id: "previewDestination",
      path: `${path}/{id}/preview`,
      summary: "Show what would be sent",
      description: "Of the event that is named or the newest one. Nothing is stored or sent.",
    }),
    acting(nothing, authorization, {
      id: "authorizeDestination",
      path: `${path}/{id}/authorize`,
      summary: "Begin an OAuth authorization",
      problems: { 409: "Its `auth` is of another type, or its `auth_url` is not allowed." },
    }),
    listing(documentPage, {
      id: "listDocuments",
      path: `${path}/{id}/documents`,
      summary: "List the documents that a destination wrote",
      answers: { 200: { description: "A page, in order of the keys.", schema: documentPage } },
    }),
    showing(document, {
      id: "getDocument",
      path: `${path}/{id}/documents/{key}`,
      summary: "Download a document",
      description: "The key may hold slashes.",
      answers: {
        200: { description: "The document, with its own content type.", schema: null, content_type: "*/*" },
      },
    }),
  ],
};

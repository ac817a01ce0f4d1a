import * as z from "zod/mini";
import { mapOf, plainText } from "../fields.ts";
import { formatFor } from "../../delivery/request/template-formats.ts";
import { urlTemplateFault } from "../../delivery/request/url-template.ts";
import { MAX_CAPTURED } from "../../model/captured.ts";
import { type DestinationRequests, METHODS } from "../../model/destination.ts";
import { MESSAGE_TYPES } from "../../model/event-types.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import {
  answerSchema,
  documentedAs,
  documentedWith,
  headerValues,
  objectOnly,
  refTo,
  requestSchema,
} from "../schema.ts";
import { isSecretHeader, ownHeaders } from "./headers.ts";
import { contentType, templateFault } from "./payload-fields.ts";

const MAX_NAME_CHARACTERS = 50;
const MAX_PATH_CHARACTERS = 200;
const NAME = new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${MAX_NAME_CHARACTERS - 1}}$`);

const headers = ownHeaders.check(
  z.superRefine((given, context) => {
    for (const name of Object.keys(given).filter(isSecretHeader)) {
      context.addIssue({
        code: "custom",
        path: [name],
        message: "looks like a secret: give it in the destination's `headers`, which are stored sealed",
      });
    }
  }),
);

const path = plainText(MAX_PATH_CHARACTERS).check(
  z.regex(/^[^.]+(?:\.[^.]+)*$/, "must be a path with dots, such as issue.key or items.0.id"),
);

const capture = mapOf(path).check(
  z.superRefine((given, context) => {
    const names = Object.keys(given);
    for (const name of names.filter((each) => !NAME.test(each))) {
      context.addIssue({
        code: "custom",
        path: [name],
        message: "is no name: letters, digits and _ in at most 50 characters, the first one no digit",
      });
    }
    if (names.length > MAX_CAPTURED) {
      context.addIssue({ code: "custom", message: `must contain at most ${MAX_CAPTURED} values` });
    }
  }),
);

const request = requestSchema(
  "DestinationEventRequestInput",
  z
    .strictObject({
      method: z.optional(z.enum(METHODS)),
      url: z.optional(
        z.string().check(
          z.superRefine((text, context) => {
            const message = urlTemplateFault(text);
            if (message !== null) context.addIssue({ code: "custom", message });
          }),
          z.describe("A template whose values are percent-encoded. Its host has no tags."),
        ),
      ),
      headers: z.optional(headers.check(z.describe("Added to the destination's own. Secrets are refused."))),
      content_type: z.optional(contentType.check(z.describe("Of `body`; by default `application/json`."))),
      body: z.optional(z.string().check(z.describe("A template in place of `payload`."))),
      capture: z.optional(
        documentedWith(capture, {
          description:
            "Values to keep for the alert: by name, the dotted path of a text or number in the JSON of a 2xx response. Later requests use them as `{{ captured.NAME }}`.",
        }),
      ),
    })
    .check(
      z.superRefine(({ content_type, body }, context) => {
        if (body === undefined && content_type !== undefined) {
          context.addIssue({
            code: "custom",
            path: ["content_type"],
            message: "is the type of `body`, which is missing",
          });
        }
        if (body === undefined) return;
        const type = content_type ?? "application/json";
        const parsed = parseTemplate(body, formatFor(type));
        const message = parsed.ok ? templateFault(type, body) : parsed.error;
        if (message !== null) context.addIssue({ code: "custom", path: ["body"], message });
      }),
    ),
);

function isMessageType(name: string): boolean {
  return MESSAGE_TYPES.some((type) => type === name);
}

const byType = mapOf(objectOnly(request)).check(
  z.superRefine((given, context) => {
    for (const [type, { capture: captured }] of Object.entries(given)) {
      const refuse = (at: string[], message: string): void => context.addIssue({ code: "custom", path: at, message });
      if (!isMessageType(type)) refuse([type], `is no type of events: one of ${MESSAGE_TYPES.join(", ")}`);
      else if (captured !== undefined && !type.startsWith("alert.")) {
        refuse([type, "capture"], "is possible for events of alerts only, which the values are kept for");
      }
    }
  }),
);

/** `requests` in a request: what the requests of some types of events have in place of the destination's own. */
export const acceptedRequests: z.ZodMiniType<DestinationRequests> = requestSchema(
  "DestinationRequestsInput",
  documentedAs(byType, {
    type: "object",
    propertyNames: { enum: [...MESSAGE_TYPES] },
    additionalProperties: refTo("DestinationEventRequestInput"),
    description:
      "By type of event. For webhooks only. The deliveries of an alert to a destination with such requests are made in order.",
  }),
);

const shownRequest = answerSchema(
  "DestinationEventRequest",
  z.strictObject({
    method: z.optional(z.enum(METHODS)),
    url: z.optional(z.string()),
    headers: z.optional(headerValues),
    content_type: z.optional(z.string()),
    body: z.optional(z.string()),
    capture: z.optional(z.record(z.string(), z.string())),
  }),
);

/** `requests` as the API shows them. */
export const shownRequests = z
  .record(z.string(), shownRequest)
  .check(z.describe("By type of event: what its request has in place of the destination's own."));

import * as z from "zod/mini";
import type { AnswerDeclaration, Method, RawBody } from "../../endpoint.ts";
import { answerSchema, idOf } from "../../schema.ts";
import type { Operation, Section } from "../operation.ts";

const id = idOf("evt");
const accepted = answerSchema(
  "Accepted",
  z.strictObject({
    status: z.literal("success"),
    id,
    request_id: id,
    attempt: id,
    ids: z.optional(z.array(id)).check(z.describe("All events of the request, if there are several.")),
  }),
);

const PROBLEMS: NonNullable<Operation["problems"]> = {
  400: "The body cannot be parsed, or a field is missing or has the wrong type: `errors` names each field.",
  401: "The Basic or Bearer credentials or the signature are missing or wrong.",
  403: "The token header is missing or wrong, or the sender's address is not allowed.",
  404: "The integration does not exist.",
  405: "The integration's type does not accept this method.",
  410: "The integration is disabled.",
  413: "The body is larger than 10 MB.",
  414: "The query is too long.",
  415: "The body has a Content-Encoding.",
  429: "The integration's rate limit is exceeded.",
  503: "The event could not be stored durably. Send it again.",
};

const METHODS = ["POST", "PUT", "GET"] as const satisfies readonly Method[];
const SUMMARIES = { POST: "Send", PUT: "Send by PUT", GET: "Send as a query" } as const;
const VERBS = { POST: "post", PUT: "put", GET: "get" } as const;

const SILENT: AnswerDeclaration = { description: "Accepted." };
const ACCEPTED: AnswerDeclaration = {
  description: "Accepted, repeated, or ignored by rule. An integration's `response` may replace this answer.",
  schema: accepted,
};
const BODY: RawBody = { kind: "raw", description: "The webhook, at most 10 MB." };

type Address = {
  readonly path: string;
  readonly name: string;
  readonly object: string;
  readonly is_silent: boolean;
};

const ADDRESSES: readonly Address[] = [
  { path: "/integration/{id}", name: "Webhook", object: "a webhook", is_silent: false },
  { path: "/hooks/catch/{id}", name: "Catch", object: "a webhook, at Zapier's path", is_silent: false },
  { path: "/hooks/catch/{id}/silent", name: "Silent", object: "a webhook for an empty answer", is_silent: true },
];

function operationsAt({ path, name, object, is_silent }: Address): Operation[] {
  return METHODS.map((method) => ({
    id: `ingest.${VERBS[method]}${name}`,
    method,
    path,
    summary: `${SUMMARIES[method]} ${object}`,
    scope: null,
    ...(method === "GET"
      ? { description: "For the types `catch` and `rules`: the query is the payload." }
      : { body: BODY }),
    is_idempotent: false,
    answers: { 200: is_silent ? SILENT : ACCEPTED },
    problems: PROBLEMS,
  }));
}

export const ingest: Section = {
  tag: "ingest",
  description:
    "Addresses that receive webhooks. A sender authenticates as the integration's `auth` demands; `webhook-id` or `Idempotency-Key` identifies repeated requests. The paths of catch hooks may end with a slash.",
  operations: ADDRESSES.flatMap(operationsAt),
};

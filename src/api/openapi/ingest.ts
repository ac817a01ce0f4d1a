import * as z from "zod/mini";
import type { Answer, Method, Operation, Section } from "./operation.ts";
import { idOf } from "./shared.ts";

const id = idOf("evt");
const accepted = z.strictObject({
  status: z.literal("success"),
  id,
  request_id: id,
  attempt: id,
  ids: z.optional(z.array(id)).check(z.describe("All events of the request, where there are several.")),
});

const PROBLEMS: NonNullable<Operation["problems"]> = {
  400: "The body cannot be parsed, or a field is missing or of a wrong type: `errors` names each.",
  401: "Wrong or missing Basic or Bearer credentials, or signature.",
  403: "Wrong or missing token header, or an address that is not allowed.",
  404: "There is no such integration.",
  405: "The integration's type does not take this method.",
  410: "The integration is turned off.",
  413: "The body is over 10 MB.",
  414: "The query is too long.",
  415: "The body has a Content-Encoding.",
  429: "Over the integration's rate limit.",
  503: "It could not be made durable: send it again.",
};

const METHODS = ["post", "put", "get"] as const satisfies readonly Method[];
const WORDS = { post: "Send", put: "Send by PUT", get: "Send as a query" } as const;
const NAMES = { post: "Post", put: "Put", get: "Get" } as const;

const SILENT: Answer = { description: "Accepted.", schema: null };
const ACCEPTED: Answer = {
  description: "Accepted, repeated, or ignored by rule. An integration may answer otherwise (`response`).",
  schema: accepted,
};

type Place = { readonly path: string; readonly name: string; readonly to: string; readonly is_silent: boolean };

const PLACES: readonly Place[] = [
  { path: "/integration/{id}", name: "Webhook", to: "a webhook", is_silent: false },
  { path: "/hooks/catch/{id}", name: "Catch", to: "a webhook, at Zapier's path", is_silent: false },
  { path: "/hooks/catch/{id}/silent", name: "Silent", to: "a webhook for an empty answer", is_silent: true },
];

function operationsAt({ path, name, to, is_silent }: Place): Operation[] {
  return METHODS.map((method) => ({
    id: `send${name}By${NAMES[method]}`,
    method,
    path,
    summary: `${WORDS[method]} ${to}`,
    scope: null,
    ...(method === "get"
      ? { description: "For the types `catch` and `rules`: the query is the payload." }
      : { body: { schema: "bytes" as const, is_required: false } }),
    answers: { 200: is_silent ? SILENT : ACCEPTED },
    problems: PROBLEMS,
  }));
}

export const ingest: Section = {
  tag: "ingest",
  description:
    "Where webhooks are sent to. A sender proves itself as the integration's `auth` wants; `webhook-id` or `Idempotency-Key` marks what is sent again. Catch hooks may end with a slash.",
  requests: {},
  answers: { Accepted: accepted },
  operations: PLACES.flatMap(operationsAt),
};

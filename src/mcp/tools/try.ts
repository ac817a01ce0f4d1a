import type { DestinationPreview, IntegrationPreview, RoutePreview } from "../../client/index.ts";
import { SENDER_AUTHORIZATION } from "../../api/sample-request.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { operationInput } from "../operation-input.ts";
import { NOTICE, line, value as textOf } from "../strangers.ts";
import { type Tool, idIn, idSchema, inputOf } from "../tool.ts";
import { ofOperation } from "./of-operation.ts";

/** The names and values of headers (RFC 9110). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/;
const VALUE = /^[\t\x20-\x7e\xa0-\xff]{0,8000}$/;

// The API demands the scope `write` for previews, as for all that is not a GET.
const TRIES = { scope: "write", effect: "reads" } as const;

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

/** Returns the headers of a sample for the API, or which of them is not valid. */
function headersOf(given: object): Result<Readonly<Record<string, string>>, string> {
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) {
    const lower = name.toLowerCase();
    const isValid = typeof text === "string" && NAME.test(lower) && VALUE.test(text);
    if (!isValid) return fail(`headers.${name.slice(0, 100)} is not a valid header.`);
    headers[lower === "authorization" ? SENDER_AUTHORIZATION : lower] = text;
  }
  return ok(headers);
}

const previewRule: Tool = {
  ...TRIES,
  name: "preview_rule",
  title: "Show what a webhook would become",
  description:
    "Reads a webhook as an integration would: the events and alerts that it makes, the routes that take them, and whether its signature would be accepted. Nothing is stored or sent.",
  input: inputOf(
    {
      integration_id: idSchema("int", "an integration"),
      body: { type: "string", maxLength: 200_000, description: "The body as its sender sends it." },
      content_type: { type: "string", maxLength: 200, default: "application/json" },
      headers: {
        type: "object",
        additionalProperties: { type: "string" },
        description: "Other headers that the sender sends, such as its signature.",
      },
    },
    ["integration_id", "body"],
  ),
  async run(given, callApi) {
    const id = idIn(given, "integration_id");
    if (!id.ok) return id;
    const { body, content_type = "application/json", headers } = given;
    const sent = headersOf({ ...(isObject(headers) ? headers : {}), "content-type": content_type });
    if (!sent.ok) return sent;
    const answer = await callApi<IntegrationPreview>({
      method: "POST",
      path: `/integrations/${id.value}/preview`,
      raw: { body: typeof body === "string" ? body : JSON.stringify(body), headers: sent.value },
    });
    if (!answer.ok) return answer;
    const preview = answer.value;
    if (!preview.accepted) return ok(preview);
    const events = preview.events.map(({ payload, alert, key, ...facts }) => ({
      ...facts,
      from_sender: { key: line(key), alert: textOf(alert), payload: textOf(payload) },
    }));
    return ok({ notice: NOTICE, ...preview, events });
  },
};

const previewRoute = ofOperation<RoutePreview>(
  {
    ...TRIES,
    name: "preview_route",
    title: "Show which events a route takes",
    description:
      "Judges the named events, or the newest, by a route with the given fields in place of its own. Nothing is stored or sent.",
  },
  operationInput("routes.preview", {
    id: { name: "route_id", prefix: "rte", what: "a route" },
    omit: ["name", "external_id"],
  }),
  ({ data, matched }) => ({
    notice: NOTICE,
    matched,
    events: data.map(({ title, ...facts }) => ({ ...facts, from_sender: { title: line(title) } })),
  }),
);

const previewPayload = ofOperation<DestinationPreview>(
  {
    ...TRIES,
    name: "preview_payload",
    title: "Show what a destination would receive",
    description:
      "Renders the body for an event, or the newest one, with the destination's payload or another one. Nothing is stored or sent.",
  },
  operationInput("destinations.preview", { id: { name: "destination_id", prefix: "dst", what: "a destination" } }),
  (preview) => {
    if (!preview.ok) {
      const { rendered, ...facts } = preview;
      return { notice: NOTICE, ...facts, from_sender: { rendered: textOf(rendered) } };
    }
    const { body, ...facts } = preview;
    return { notice: NOTICE, ...facts, from_sender: { body: textOf(body) } };
  },
);

/** Tools that show what would happen. */
export const TRY: readonly Tool[] = [previewRule, previewRoute, previewPayload];

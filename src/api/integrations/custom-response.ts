import * as z from "zod/mini";
import { parseExact } from "../../model/exact-json.ts";
import type { CustomResponse } from "../../model/integration.ts";
import { isJsonObject } from "../../model/json.ts";
import type { Shown } from "../endpoint.ts";
import { headerMap } from "../header-map.ts";
import { documentedAs, headerValues, jsonMap, objectOnly, requestSchema } from "../schema.ts";

const MAX_HEADERS = 20;
const MAX_HEADER_VALUE = 1_024;
const MAX_BODY = 16_384;
const NO_BODY_STATUSES = [204, 205];

// Headers that frame the response, that the platform sets, or whose effect is wider than the one response.
export const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "date",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "server",
  "set-cookie",
  "set-cookie2",
  "strict-transport-security",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  "x-content-type-options",
  "alt-svc",
  "clear-site-data",
  "nel",
  "report-to",
  "reporting-endpoints",
  "service-worker-allowed",
]);

const headers = headerMap({
  most: MAX_HEADERS,
  max_value_length: MAX_HEADER_VALUE,
  forbidden: FORBIDDEN_HEADERS,
  forbidden_prefix: "cf-",
});

type Body = { readonly text: string; readonly is_json: boolean };

const body = documentedAs(
  z.pipe(
    z.unknown(),
    z.transform((given, context): Body => {
      const isText = typeof given === "string";
      if (!isText && !isJsonObject(given)) {
        context.issues.push({ code: "custom", input: given, message: "must be text or an object" });
        return z.NEVER;
      }
      const written = isText ? given : JSON.stringify(given);
      if (!written.isWellFormed()) {
        context.issues.push({ code: "custom", input: given, message: "must not contain broken text" });
      }
      if (new TextEncoder().encode(written).byteLength > MAX_BODY) {
        context.issues.push({ code: "custom", input: given, message: `must be at most ${MAX_BODY} bytes long` });
      }
      return { text: written, is_json: !isText };
    }),
  ),
  {
    anyOf: [{ type: "string" }, { type: "object", additionalProperties: true }],
    description: "An object is sent as JSON.",
  },
);

/** A response that an integration returns instead of the usual one; null for the usual one. */
export const acceptedResponse = requestSchema(
  "IntegrationResponseInput",
  z.nullable(
    z.pipe(
      objectOnly(
        z.strictObject({
          status: z.optional(z.int().check(z.minimum(200), z.maximum(299))),
          headers: z.optional(headers),
          body: z.optional(body),
        }),
      ),
      z.transform(({ status = 200, headers: given = {}, body: sent }, context): CustomResponse => {
        if (NO_BODY_STATUSES.includes(status) && sent !== undefined && sent.text !== "") {
          context.issues.push({
            code: "custom",
            input: sent,
            path: ["body"],
            message: `cannot be sent with the status ${status}`,
          });
        }
        if (sent?.is_json !== true) return { status, headers: given, body: sent?.text ?? "" };
        return { status, headers: { "content-type": "application/json", ...given }, body: sent.text, is_json: true };
      }),
    ),
  ),
);

/** A custom response as the API shows it. */
export const shownResponse = z.nullable(
  z.strictObject({ status: z.int(), headers: headerValues, body: z.union([z.string(), jsonMap]) }),
);

/** Shows a custom response; a body that was given as an object is an object again. */
export function viewResponse(response: CustomResponse | null): Shown<typeof shownResponse> {
  if (response === null) return null;
  const { is_json, body: written, ...rest } = response;
  if (is_json !== true) return { ...rest, body: written };
  const parsed = parseExact(written);
  return { ...rest, body: isJsonObject(parsed) ? parsed : written };
}

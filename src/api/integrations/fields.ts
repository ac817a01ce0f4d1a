import * as z from "zod/mini";
import { parseAddressRange } from "../../model/address-range.ts";
import type { CustomResponse } from "../../model/integration.ts";
import { isJsonObject } from "../../model/json.ts";
import { rateLimitOf } from "../fields.ts";
import { headerMap } from "../header-map.ts";

const MAX_RANGES = 200;
const MAX_HEADERS = 20;
const MAX_HEADER_VALUE = 1_024;
const MAX_BODY = 16_384;
const MAX_REQUESTS = 1_000_000;
const NO_BODY_STATUSES = [204, 205];

// Those that frame the answer, that the platform sets, and that would change more of this host than the one answer.
const FORBIDDEN_HEADERS = new Set([
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

const range = z
  .string()
  .check(
    z.refine((text) => parseAddressRange(text) !== null, "has to be an IP address or a block such as 192.0.2.0/24"),
  );

/** Where senders may call from. An empty list would let nobody in: null lets in everybody. */
export const allowedIps = z.optional(
  z.nullable(
    z
      .array(range)
      .check(z.minLength(1, "may not be empty: null takes webhooks from anywhere"), z.maxLength(MAX_RANGES)),
  ),
);

export const rateLimit = rateLimitOf(MAX_REQUESTS);

const headers = headerMap({
  most: MAX_HEADERS,
  longest_value: MAX_HEADER_VALUE,
  forbidden: FORBIDDEN_HEADERS,
  forbidden_prefix: "cf-",
});

type Body = { readonly text: string; readonly is_json: boolean };

const body = z.pipe(
  z.unknown(),
  z.transform((given, context): Body => {
    const isText = typeof given === "string";
    if (!isText && !isJsonObject(given)) {
      context.issues.push({ code: "custom", input: given, message: "has to be text or an object" });
      return z.NEVER;
    }
    const written = isText ? given : JSON.stringify(given);
    if (!written.isWellFormed()) {
      context.issues.push({ code: "custom", input: given, message: "may not hold broken text" });
    }
    if (new TextEncoder().encode(written).byteLength > MAX_BODY) {
      context.issues.push({ code: "custom", input: given, message: `may be at most ${MAX_BODY} bytes long` });
    }
    return { text: written, is_json: !isText };
  }),
);

/** The answer that an integration gives in place of the usual one. */
export const customResponse = z.optional(
  z.nullable(
    z.pipe(
      z.strictObject({
        status: z.optional(z.int().check(z.minimum(200), z.maximum(299))),
        headers: z.optional(headers),
        body: z.optional(body),
      }),
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

/** A custom answer as it is shown: a body that was given as an object is one again. */
export function showResponse(response: CustomResponse | null): object | null {
  if (response === null) return null;
  const { is_json, body: written, ...rest } = response;
  const shown: unknown = is_json === true ? JSON.parse(written) : written;
  return { ...rest, body: shown };
}

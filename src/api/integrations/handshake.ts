import * as z from "zod/mini";
import { headerName } from "../fields.ts";
import { FORBIDDEN_HEADERS } from "./custom-response.ts";
import { answerSchema, requestSchema } from "../schema.ts";

const MAX_NAME = 200;
const FROM = ["query", "header", "body"] as const;
const AS = ["text", "json", "header"] as const;

const name = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_NAME), z.regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces"));

/** What a browser sends by itself. An echo would show a page of this origin the cookie of a session. */
const SENT_BY_BROWSERS: readonly string[] = ["authorization", "cookie", "proxy-authorization"];
const FRAMING: readonly string[] = ["content-type", "location", "refresh"];
/** What browsers grant other origins, and what a sender must not be able to set in the gateway's name. */
const RESERVED = /^(?:access-control-|cf-|cross-origin-|hookgate-)/;

function isChallengeHeader(given: string): boolean {
  const parsed = headerName.safeParse(given);
  return parsed.success && !SENT_BY_BROWSERS.includes(parsed.data);
}

function isEchoHeader(given: string): boolean {
  const parsed = headerName.safeParse(given);
  return (
    parsed.success &&
    !FORBIDDEN_HEADERS.has(parsed.data) &&
    !FRAMING.includes(parsed.data) &&
    !RESERVED.test(parsed.data)
  );
}

/** `handshake` in a request. */
export const acceptedHandshake = requestSchema(
  "IntegrationHandshakeInput",
  z.nullable(
    z
      .strictObject({
        echo: z.strictObject({ from: z.enum(FROM), name }).check(
          z.refine(({ from, name: given }) => from !== "header" || isChallengeHeader(given), {
            path: ["name"],
            message: "must be the name of a header that holds no credentials",
          }),
        ),
        as: z.enum(AS),
        name: z._default(z.nullable(name), null),
      })
      .check(
        z.refine(({ as, name: given }) => as === "text" || given !== null, { path: ["name"], message: "is required" }),
        z.refine(({ as, name: given }) => as !== "header" || given === null || isEchoHeader(given), {
          path: ["name"],
          message: "must be the name of a header that a response may set",
        }),
      ),
  ),
);

/** `handshake` as the API shows it. */
export const shownHandshake = answerSchema(
  "IntegrationHandshake",
  z.nullable(
    z.strictObject({
      echo: z.strictObject({ from: z.enum(FROM), name: z.string() }),
      as: z.enum(AS),
      name: z.nullable(z.string()),
    }),
  ),
);

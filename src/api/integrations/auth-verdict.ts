import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { AuthRequest } from "../../ingest/auth/credentials.ts";
import { AUTH_FAULTS, explainAuth } from "../../ingest/auth/explain.ts";
import type { Integration } from "../../model/integration.ts";
import { ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import type { Shown } from "../endpoint.ts";

/** Of each signed message, the answer has this many characters. */
const MAX_TEXT = 2_000;

export const authVerdict = z.strictObject({
  type: z.string().check(z.describe("The `type` of the integration's `auth`.")),
  passes: z.boolean().check(z.describe("Whether the credentials or the signature would be accepted now.")),
  fault: z.nullable(z.enum(AUTH_FAULTS)),
  detail: z.nullable(z.string()),
  signed: z
    .array(
      z.strictObject({
        encoding: z.enum(["utf8", "base64"]),
        text: z.string().check(z.describe(`At most ${MAX_TEXT} characters.`)),
        bytes: z.int(),
        sha256: z.string().check(z.describe("Of all bytes, in hex.")),
      }),
    )
    .check(
      z.describe(
        "The bytes that must have been signed: the message whose signature is right, or else each that would be accepted.",
      ),
    ),
});

type ShownMessage = Shown<typeof authVerdict>["signed"][number];

async function showMessage(message: Uint8Array): Promise<ShownMessage> {
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", message)).toHex();
  const facts = { bytes: message.byteLength, sha256 };
  const text = decodeUtf8(message);
  if (text !== null) return { encoding: "utf8", text: text.slice(0, MAX_TEXT).toWellFormed(), ...facts };
  return { encoding: "base64", text: message.subarray(0, (MAX_TEXT * 3) / 4).toBase64(), ...facts };
}

/** A sample of a webhook. `sent` is the body as it came, or null if it has no content coding. */
export type Sample = {
  readonly method: string;
  readonly query: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly sent: Uint8Array | null;
};

/** Returns the sample as ingest would get it, at the integration's own address. */
function asReceived(sample: Sample, address: string): AuthRequest {
  const url = new URL(address);
  url.search = sample.query;
  const { method, query, headers, sent } = sample;
  return {
    method,
    query,
    headers,
    url,
    body: () => Promise.resolve(ok(sample.body)),
    sent: sent === null ? null : () => Promise.resolve(ok(sent)),
    decode: decodeUtf8,
  };
}

/** Shows whether the credentials of a sample would be accepted, and which bytes its signature must cover. */
export async function verdictOn(
  context: Context,
  integration: Integration,
  sample: Sample,
  address: string,
): Promise<Shown<typeof authVerdict>> {
  const request = asReceived(sample, address);
  const { fault, detail, signed } = await explainAuth(integration, request, context, context.clock());
  const passes = fault === null;
  return { type: integration.auth.type, passes, fault, detail, signed: await Promise.all(signed.map(showMessage)) };
}

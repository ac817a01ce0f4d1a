import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { type Claim, type SignatureFault, boundSignatures, parseTimestamp } from "../claim.ts";
import { decodeSignature, utf8 } from "../hmac.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

const FORM = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i;
const MAX_TOKEN = 256;

type Fields = { readonly timestamp: unknown; readonly token: unknown; readonly signature: unknown };

function fieldsOf({ timestamp, token, signature }: JsonObject): Fields {
  return { timestamp: typeof timestamp === "number" ? String(timestamp) : timestamp, token, signature };
}

/** Event webhooks are JSON, with the three fields in the map `signature`. */
function inJson(body: Uint8Array): Fields | null {
  try {
    const json: unknown = JSON.parse(decodeUtf8(body) ?? "");
    const signature = isJsonObject(json) ? json["signature"] : null;
    return isJsonObject(signature) ? fieldsOf(signature) : null;
  } catch {
    return null;
  }
}

/** Mail that a route forwards is a form, with the three fields beside the others. */
async function inForm(body: Uint8Array, type: string): Promise<Fields | null> {
  try {
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    return { timestamp: form.get("timestamp"), token: form.get("token"), signature: form.get("signature") };
  } catch {
    return null;
  }
}

function claimOf(fields: Fields | null): Result<Claim, SignatureFault> {
  const { timestamp, token, signature } = fields ?? {};
  if (timestamp === undefined || token === undefined || signature === undefined) return fail("missing");
  if (timestamp === null || token === null || signature === null) return fail("missing");
  if (typeof timestamp !== "string" || typeof token !== "string" || typeof signature !== "string") {
    return fail("malformed");
  }
  const signed_at_ms = parseTimestamp(timestamp);
  if (signed_at_ms === null || token === "" || token.length > MAX_TOKEN) return fail("malformed");
  const signatures = boundSignatures([decodeSignature(signature, "hex")]);
  if (!signatures.ok) return signatures;
  return ok({
    repeat_mark: { kind: "message" },
    signatures: signatures.value,
    signed_at_ms,
    covers: () => [utf8(timestamp + token)],
  });
}

/**
 * Mailgun signs a time and a token, which are in the body beside the signature. The rest of the body is not signed.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export const mailgun = {
  secret: textSecret("vendor"),
  options: null,
  read: ({ headers }) => {
    const type = headers.get("content-type") ?? "";
    return ok({
      in_body: async (body) => claimOf(FORM.test(type) ? await inForm(body, type) : inJson(body)),
    });
  },
} satisfies InboundScheme;

import { type JsonObject, isJsonObject } from "../../../model/json.ts";
import type { Integration } from "../../../model/integration.ts";
import { inboundScheme } from "../../../signing/schemes/registry.ts";
import type { AuthResult } from "../auth-result.ts";
import type { AuthRequest, Authenticated } from "../credentials.ts";

/** Handshakes are short. A longer body is a webhook and is not parsed here. */
const MAX_HANDSHAKE = 16_384;
const ACCEPTED: AuthResult = { kind: "accepted" };

async function fieldsOf(request: AuthRequest): Promise<JsonObject | null> {
  const body = await request.body();
  if (!body.ok || body.value.byteLength > MAX_HANDSHAKE) return null;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body.value));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    // Not JSON, so not a handshake. The integration's source reads the body later.
    return null;
  }
}

/** Answers a vendor that checks whether this address belongs to its customer. Call it for signed requests only. */
export async function answerHandshake(
  { auth }: Integration,
  request: AuthRequest,
  { signed_by }: Authenticated,
): Promise<AuthResult> {
  const handshake = auth.type === "signature" ? inboundScheme(auth.scheme)?.handshake : undefined;
  if (handshake === undefined) return ACCEPTED;
  const fields = await fieldsOf(request);
  const response = fields === null ? null : await handshake(fields, signed_by);
  return response === null ? ACCEPTED : { kind: "answered", response };
}

import { isJsonObject } from "../../../model/json.ts";
import type { Integration } from "../../../model/integration.ts";
import { hmac, utf8 } from "../../../signing/hmac.ts";
import type { AuthResult } from "../auth-result.ts";
import type { AuthRequest, Authenticated } from "../credentials.ts";

/** Handshakes are short: a longer body is a webhook, and need not be parsed to know. */
const MAX_HANDSHAKE = 16_384;
const MAX_CHALLENGE = 1_024;

type Fields = Readonly<Record<string, unknown>>;
const ACCEPTED: AuthResult = { kind: "accepted" };

function answered(response: Response): AuthResult {
  return { kind: "answered", response };
}

function isChallenge(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_CHALLENGE;
}

/** Slack asks once, when an address is entered: https://docs.slack.dev/reference/events/url_verification */
function answerSlack({ type, challenge }: Fields): AuthResult {
  return type === "url_verification" && isChallenge(challenge) ? answered(Response.json({ challenge })) : ACCEPTED;
}

/** Zoom asks every 72 hours: https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint */
async function answerZoom({ event, payload }: Fields, { signed_by }: Authenticated): Promise<AuthResult> {
  if (event !== "endpoint.url_validation" || !isJsonObject(payload) || signed_by?.kind !== "hmac") return ACCEPTED;
  const { plainToken } = payload;
  if (!isChallenge(plainToken)) return ACCEPTED;
  const encryptedToken = (await hmac(signed_by.key, utf8(plainToken))).toHex();
  return answered(Response.json({ plainToken, encryptedToken }));
}

/**
 * Discord pings interactions with type 1 and event webhooks, whose events have that type, with type 0:
 * https://docs.discord.com/developers/events/webhook-events#preparing-for-events
 */
function answerDiscord({ type, event }: Fields): AuthResult {
  if (type === 0) return answered(new Response(null, { status: 204 }));
  return type === 1 && event === undefined ? answered(Response.json({ type: 1 })) : ACCEPTED;
}

async function fieldsOf(request: AuthRequest): Promise<Fields | null> {
  const body = await request.body();
  if (!body.ok || body.value.byteLength > MAX_HANDSHAKE) return null;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body.value));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    // Not JSON, so no handshake; what it is, its source will say.
    return null;
  }
}

/** Answers a vendor that wants to know whether this address is its customer's. To be asked of signed requests only. */
export async function answerHandshake(
  { auth }: Integration,
  request: AuthRequest,
  authenticated: Authenticated,
): Promise<AuthResult> {
  if (auth.type !== "signature" || !["slack", "zoom", "discord"].includes(auth.scheme)) return ACCEPTED;
  const fields = await fieldsOf(request);
  if (fields === null) return ACCEPTED;
  if (auth.scheme === "slack") return answerSlack(fields);
  return auth.scheme === "zoom" ? await answerZoom(fields, authenticated) : answerDiscord(fields);
}

import type { OwnHandshake } from "../../../model/integration.ts";
import { isJsonObject, isList, valueAt } from "../../../model/json.ts";
import { decodeUtf8 } from "../../../model/utf8.ts";
import type { AuthRequest } from "../credentials.ts";
import {
  type Handshake,
  type HandshakeResult,
  echoHeader,
  echoJson,
  echoText,
  echoesUnsigned,
  isChallenge,
  isShort,
  readJson,
} from "./handshake.ts";

const MAX_BYTES = 16_384;

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** Finds a value in JSON or in a form. A name with dots is a path, such as `0.token`, unless a member has that name. */
async function inBody(request: AuthRequest, name: string): Promise<unknown> {
  if (FORM.test(request.headers.get("content-type") ?? "")) {
    const body = await request.body();
    return body.ok ? new URLSearchParams(decodeUtf8(body.value) ?? "").get(name) : null;
  }
  const parsed = await readJson(request);
  if (isJsonObject(parsed)) return Object.hasOwn(parsed, name) ? parsed[name] : valueAt(parsed, name);
  return isList(parsed) ? valueAt(parsed, name) : null;
}

async function challengeIn(request: AuthRequest, { from, name }: OwnHandshake["echo"]): Promise<unknown> {
  switch (from) {
    case "query":
      return request.url.searchParams.get(name);
    case "header":
      return request.headers.get(name);
    case "body":
      return await inBody(request, name);
  }
}

function echo({ as, name }: OwnHandshake, challenge: string): HandshakeResult | null {
  switch (as) {
    case "text":
      return echoText(challenge);
    case "json":
      return echoJson(name ?? "challenge", challenge);
    case "header":
      return echoHeader(name ?? "x-challenge", challenge);
  }
}

/** Returns whether a request may have the challenge. A body must be read to know. */
function mayHave(request: AuthRequest, { from, name }: OwnHandshake["echo"]): boolean {
  switch (from) {
    case "query":
      return request.query !== "";
    case "header":
      return request.headers.has(name);
    case "body":
      return isShort(request, MAX_BYTES);
  }
}

/** The handshake that an integration describes itself. */
export const own: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    integration.handshake !== null && mayHave(request, integration.handshake.echo) && echoesUnsigned(integration),
  async respond({ integration: { handshake }, request }) {
    if (handshake === null) return null;
    const challenge = await challengeIn(request, handshake.echo);
    return isChallenge(challenge) ? echo(handshake, challenge) : null;
  },
};

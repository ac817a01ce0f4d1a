import type { OwnHandshake } from "../../../model/integration.ts";
import { valueAt } from "../../../model/json.ts";
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
  readFields,
} from "./handshake.ts";

const MAX_BYTES = 16_384;

async function challengeIn(request: AuthRequest, { from, name }: OwnHandshake["echo"]): Promise<unknown> {
  switch (from) {
    case "query":
      return request.url.searchParams.get(name);
    case "header":
      return request.headers.get(name);
    case "body":
      return valueAt((await readFields(request)) ?? undefined, name);
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

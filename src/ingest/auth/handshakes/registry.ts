import { discord } from "./discord.ts";
import type { Handshake, HandshakeCall, HandshakeResult } from "./handshake.ts";
import { meta } from "./meta.ts";
import { slack } from "./slack.ts";
import { sns } from "./sns.ts";
import { zoom } from "./zoom.ts";

/** The handshakes of all vendors, one file each. */
const HANDSHAKES: readonly Handshake[] = [discord, meta, slack, sns, zoom];

/** Returns the result of the handshake that a request is part of, or null if the request is a webhook. */
export async function respondToHandshake(
  stage: Handshake["stage"],
  call: HandshakeCall,
): Promise<HandshakeResult | null> {
  for (const handshake of HANDSHAKES) {
    if (handshake.stage !== stage || !handshake.matches(call.integration, call.request)) continue;
    const result = await handshake.respond(call);
    if (result !== null) return result;
  }
  return null;
}

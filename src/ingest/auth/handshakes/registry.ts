import { asana } from "./asana.ts";
import { discord } from "./discord.ts";
import { dropbox } from "./dropbox.ts";
import { eventGrid } from "./event-grid.ts";
import { graph } from "./graph.ts";
import { type Handshake, type HandshakeCall, type HandshakeResult, readText } from "./handshake.ts";
import { meta } from "./meta.ts";
import { monday } from "./monday.ts";
import { okta } from "./okta.ts";
import { own } from "./own.ts";
import { slack } from "./slack.ts";
import { sns } from "./sns.ts";
import { strava } from "./strava.ts";
import { twitch } from "./twitch.ts";
import { webSub } from "./web-sub.ts";
import { woocommerce } from "./woocommerce.ts";
import { zoom } from "./zoom.ts";

/** The handshakes of all vendors, one file each. */
const HANDSHAKES: readonly Handshake[] = [
  own,
  asana,
  discord,
  dropbox,
  eventGrid,
  graph,
  meta,
  monday,
  okta,
  slack,
  sns,
  strava,
  twitch,
  webSub,
  woocommerce,
  zoom,
];

/** Returns the result of the handshake that a request is part of, or null if the request is a webhook. */
export async function respondToHandshake(
  stage: Handshake["stage"],
  call: HandshakeCall,
): Promise<HandshakeResult | null> {
  for (const handshake of HANDSHAKES) {
    if (handshake.stage !== stage || !handshake.matches(call.integration, call.request)) continue;
    if (handshake.word !== undefined && !(await readText(call.request)).includes(handshake.word)) continue;
    const result = await handshake.respond(call);
    if (result !== null) return result;
  }
  return null;
}

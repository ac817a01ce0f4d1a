import { planUnpause, unpauseFirst } from "../../delivery/attempts/unpause.ts";
import { connectListener } from "../../delivery/listeners/calls.ts";
import { fail } from "../../model/result.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { grantOf, refuseConnection } from "../connection-grant.ts";
import { endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const listen = endpoint({
  id: "destinations.listen",
  method: "GET",
  path: "/destinations/{id}/listen",
  scope: "write",
  summary: "Listen to a destination",
  description:
    "Opens a WebSocket over which the deliveries of a destination of the type `cli` arrive, as `hookgate listen` does. A later connection replaces an earlier one. It is closed when the token ends or loses the scope. The deliveries that have waited follow at once, in the order of their events.",
  answers: { 101: { description: "The WebSocket is open." } },
  problems: {
    403: "A page of another origin opens the WebSocket.",
    409: "The destination is not of the type `cli`, or the gateway lacks the binding `LISTENERS`.",
    426: "The request does not ask for a WebSocket.",
  },
}).handle(async ({ context, caller, id, headers, url }) => {
  const destination = await findDestination(context.primary, id);
  if (destination === null) return notFound("destination");
  if (destination.type !== "cli") {
    return fail({ code: "not_a_listener", title: "Nothing can listen to this destination: its type is not cli." });
  }
  const refusal = refuseConnection(caller, headers, url);
  if (refusal !== null) return fail(refusal);
  // Before the command is connected, so that nothing waits for ever if the process ends.
  await planUnpause(context, id, "listen");
  const response = await connectListener(context.env, destination, grantOf(caller, "write", context.clock()));
  const web_socket = response?.webSocket ?? null;
  if (web_socket === null) {
    return fail({ code: "not_a_listener", title: "This gateway lacks the binding LISTENERS." });
  }
  await unpauseFirst(context, id, "listen");
  return { status: 101, body: null, web_socket };
});

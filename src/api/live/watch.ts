import { connectWatcher } from "../../delivery/listeners/calls.ts";
import { fail } from "../../model/result.ts";
import { grantOf, refuseConnection } from "../connection-grant.ts";
import { endpoint } from "../endpoint.ts";

export const watch = endpoint({
  id: "live.watch",
  method: "GET",
  path: "/live",
  scope: "read",
  summary: "Watch for changes",
  description:
    'Opens a WebSocket over which `{"type":"changed"}` arrives when events, deliveries or the configuration have changed, at most about once a second. It carries no data: read again what is shown. Send the text `ping` every 20 seconds. Notifications may be lost, so read again now and then.',
  answers: { 101: { description: "The WebSocket is open." } },
  problems: {
    403: "A page of another origin opens the WebSocket.",
    409: "The gateway lacks the binding `LISTENERS`.",
    426: "The request does not ask for a WebSocket.",
  },
}).handle(async ({ context, caller, headers, url }) => {
  const refusal = refuseConnection(caller, headers, url);
  if (refusal !== null) return fail(refusal);
  const response = await connectWatcher(context.env, grantOf(caller, "read", context.clock()));
  const web_socket = response?.webSocket ?? null;
  if (web_socket === null) {
    return fail({ code: "not_a_listener", title: "This gateway lacks the binding LISTENERS." });
  }
  return { status: 101, body: null, web_socket };
});

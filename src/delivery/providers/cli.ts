import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { LISTEN_CALL_HEADER, type ListenCall, type ListenOutcome } from "../../model/listen.ts";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { findListeners } from "../../platform/bindings.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { withTimeout } from "../../platform/with-timeout.ts";
import { parseRetryAfter } from "../attempts/retry-decision.ts";
import { settingsOf } from "../listeners/calls.ts";
import { CALL_MS, callListener } from "../listeners/objects.ts";
import { USER_AGENT, forwardedHeaders } from "../request/sender-headers.ts";
import type { Sent } from "../request/send.ts";
import { type Outgoing, defineProvider, unsent } from "./provider.ts";

/** The address of the local server as signatures see it that cover one, if the command has not named it. */
const LOCAL = "http://localhost/";
const NOT_CONNECTED = "No command listens to this destination. Run `hookgate listen`.";

const listenOptions = () =>
  z.strictObject({
    forward_to: z._default(
      z.nullable(
        z.string().check(
          z.maxLength(2_000),
          z.refine((text) => checkUrl(text, { allowPrivate: true, ownHosts: [] }).ok, "must be an http or https URL"),
        ),
      ),
      null,
    ),
    remove_after_seconds: z._default(z.nullable(z.int().check(z.minimum(10), z.maximum(2_592_000))), null),
  });

async function callFor(context: Context, outgoing: Outgoing, forwardTo: string | null): Promise<ListenCall | string> {
  const { delivery_id, destination, event, body } = outgoing;
  const url = checkUrl(forwardTo ?? LOCAL, { allowPrivate: true, ownHosts: [] });
  if (!url.ok) return url.error;
  const { method, timeout_ms } = destination;
  const signature = await context.caches.signers.sign(destination, {
    id: delivery_id,
    now_ms: context.clock(),
    method,
    url: url.value,
    content_type: body.content_type,
    body: body.bytes,
  });
  if (!signature.ok) return signature.error;
  return {
    delivery_id,
    event_id: event.id,
    event_type: event.type,
    method,
    headers: {
      ...forwardedHeaders(destination, event),
      "user-agent": USER_AGENT,
      "content-type": body.content_type,
      [GATEWAY_HEADER]: await context.keys.gatewayId(),
      ...signature.value,
    },
    timeout_ms,
    ...settingsOf(destination),
  };
}

function sentOf(outcome: ListenOutcome, timeoutMs: number, nowMs: number): Sent {
  switch (outcome.type) {
    case "response": {
      const { status, retry_after, body, duration_ms } = outcome;
      const isGood = status >= 200 && status < 300;
      return {
        outcome: { kind: "responded", status, retry_after_seconds: parseRetryAfter(retry_after, nowMs) },
        response_body: body,
        error: isGood ? null : `The local server responded with status ${status}.`,
        duration_ms: Math.round(duration_ms),
      };
    }
    case "failure": {
      const { is_timeout, error, duration_ms } = outcome;
      return {
        ...unsent("failed", error),
        outcome: { kind: is_timeout ? "timed_out" : "failed" },
        duration_ms: Math.round(duration_ms),
      };
    }
    case "timed_out":
      return {
        ...unsent("failed", `The local server did not respond within ${timeoutMs} ms.`),
        outcome: { kind: "timed_out" },
        duration_ms: timeoutMs,
      };
    case "busy":
      return unsent("waiting", "The command has too many requests in flight.");
    case "not_connected":
      return unsent("not_connected", NOT_CONNECTED);
  }
}

/** Passes the signed request to the command that listens to the destination, and returns what the local server responded. */
export const cli = defineProvider({
  is_signed: true,
  options: listenOptions,
  refuse: (env) => {
    if (findListeners(env) !== null) return null;
    return {
      path: "type",
      message:
        'cannot be "cli": this gateway lacks the binding LISTENERS (durable_objects, class Listener); `hookgate listen --poll` works without it',
    };
  },
  // What is sent holds no secret of the destination.
  target: () => "",
  async deliver(context, outgoing, { forward_to }) {
    const { delivery_id, destination, body } = outgoing;
    const call = await callFor(context, outgoing, forward_to);
    if (typeof call === "string") return unsent("failed", call);
    const init = { method: "POST", headers: { [LISTEN_CALL_HEADER]: JSON.stringify(call) }, body: body.bytes };
    const called = await withTimeout(destination.timeout_ms + CALL_MS, async (): Promise<ListenOutcome> => {
      const response = await callListener(context.env, destination.id, "deliver", init);
      return response === null ? { type: "not_connected" } : await response.json();
    });
    switch (called.kind) {
      case "done":
        return sentOf(called.value, destination.timeout_ms, context.clock());
      case "timed_out":
        return sentOf({ type: "timed_out" }, destination.timeout_ms, context.clock());
      case "failed":
        // The object was restarted or moved. Nothing is known of the request, and it is made again.
        logLine("warn", "listener.call_failed", { delivery_id, error: describeError(called.error) });
        return unsent("waiting", "The connection to the command was lost.");
    }
  },
});

import packageJson from "../../package.json" with { type: "json" };
import type { Env } from "../env.ts";
import type { Isolate } from "../isolate.ts";
import type { Attempt } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import { signedHeaders } from "../signing/standard-webhooks.ts";
import { disableDestination } from "../storage/destinations.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import type { Body } from "./body.ts";
import { cancelPending } from "./cancel-pending.ts";
import { type AttemptOutcome, type Verdict, judge } from "./judge.ts";
import { type Sent, send } from "./send.ts";
import { GATEWAY_HEADER } from "../http/gateway-header.ts";
import { checkUrl } from "./url-guard.ts";

const USER_AGENT = `Hookgate/${packageJson.version}`;

/** What attempts are made with. `now` is in ms, `random` in [0, 1). */
export type Tools = {
  readonly env: Env;
  readonly isolate: Isolate;
  readonly now: () => number;
  readonly random: () => number;
};

/** One attempt to be made. `number` counts from 1; `body` is the same for every attempt of the delivery. */
export type AttemptOrder = {
  readonly delivery_id: string;
  readonly destination: Destination;
  readonly number: number;
  readonly body: Body;
};

export type Attempted = { readonly attempt: Attempt; readonly verdict: Verdict };

function unsent(kind: "failed" | "refused", error: string): Sent {
  return { outcome: { kind }, response_body: null, error, duration_ms: 0 };
}

async function signAndSend(tools: Tools, order: AttemptOrder): Promise<Sent> {
  const { destination } = order;
  const { settings, signers, keys: keyRing } = tools.isolate;
  // A name that was public when it was saved is looked at again, for the rules may have changed since.
  const url = checkUrl(destination.url, { allowPrivate: settings.allow_private_destinations, ownHosts: [] });
  if (!url.ok) return unsent("refused", `The address is not allowed: ${url.error}`);
  const keys = await signers.keysOf(destination, tools.now());
  if (!keys.ok)
    return unsent("failed", "The signing secret could not be opened: it was sealed under another MASTER_KEY.");
  const { bytes: body, content_type } = order.body;
  const timestamp = Math.floor(tools.now() / 1000);
  const headers = {
    "user-agent": USER_AGENT,
    "content-type": content_type,
    ...destination.headers,
    [GATEWAY_HEADER]: await keyRing.gatewayId(),
    ...(await signedHeaders(keys.value, order.delivery_id, timestamp, body)),
  };
  return send(
    { url: url.value, method: destination.method, headers, body, timeout_ms: destination.timeout_ms },
    tools.now,
  );
}

async function disableGone(tools: Tools, destinationId: string): Promise<void> {
  try {
    await disableDestination(tools.env.DB, destinationId, "gone");
    tools.isolate.catalog.forget();
    await cancelPending(tools.env.DB, destinationId, "destination_disabled", tools.now());
  } catch (error) {
    logLine("error", "destination not disabled after 410", {
      destination_id: destinationId,
      error: describeError(error),
    });
  }
}

function statusOf(outcome: AttemptOutcome): number | null {
  return outcome.kind === "responded" ? outcome.status : null;
}

/** Makes one attempt and decides what follows. Whatever the destination does is data; it never rejects for that. */
export async function makeAttempt(tools: Tools, order: AttemptOrder): Promise<Attempted> {
  const { destination, number } = order;
  const at = new Date(tools.now()).toISOString();
  const sent = await signAndSend(tools, order).catch((error: unknown) => {
    // A destination that cannot even be tried must not keep others, in the same batch, from being recorded.
    logLine("error", "attempt not made", { delivery_id: order.delivery_id, error: describeError(error) });
    return unsent("failed", "The gateway could not make this attempt. The fault is ours.");
  });
  const schedule = destination.retry_schedule ?? tools.isolate.settings.retry_schedule;
  const verdict = judge(sent.outcome, number, schedule, tools.random);
  tools.isolate.health.note(destination.id, verdict.kind === "delivered", sent.duration_ms);
  if (verdict.kind === "dead" && verdict.reason === "gone") await disableGone(tools, destination.id);
  const status = statusOf(sent.outcome);
  if (verdict.kind !== "delivered") {
    logLine("warn", "attempt failed", {
      delivery_id: order.delivery_id,
      destination_id: destination.id,
      number,
      status,
      duration_ms: sent.duration_ms,
      verdict: verdict.kind,
    });
  }
  const { duration_ms, response_body, error } = sent;
  return { attempt: { number, at, status, duration_ms, response_body, error }, verdict };
}

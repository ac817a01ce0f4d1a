import type { Context } from "../../src/context.ts";
import { type Attempted, makeAttempt } from "../../src/delivery/attempts/attempt.ts";
import { runEffects } from "../../src/delivery/attempts/run-effects.ts";
import type { Destination } from "../../src/model/destination.ts";
import type { Deliverable } from "../../src/model/envelope.ts";
import { ok } from "../../src/model/result.ts";
import { createWorld } from "./world.ts";

const EVENT: Deliverable = {
  id: "evt_1",
  integration_id: "int_1",
  received_at: "2026-11-01T00:00:00.000Z",
  type: "event.received",
  alert: null,
  content: {
    kind: "webhook",
    request: { method: "POST", query: "", headers: {}, body: "{}", body_encoding: "utf8" },
    signal: { action: "receive", note: null },
  },
};

type Order = {
  readonly context?: Context;
  readonly number?: number;
  readonly text?: string;
  readonly content_type?: string;
};

/** One attempt of the delivery `dlv_1` to a destination, as a consumer makes it, with its effects. */
export async function attemptWith(
  destination: Destination,
  { context = createWorld().context, number = 1, text = "{}", content_type = "application/json" }: Order = {},
): Promise<Attempted> {
  const body = ok({ bytes: new TextEncoder().encode(text), content_type });
  const attempted = await makeAttempt(context, { delivery_id: "dlv_1", destination, number, event: EVENT, body });
  if (attempted.kind !== "attempted") throw new Error(attempted.kind);
  await runEffects(context, attempted.effects);
  return attempted;
}

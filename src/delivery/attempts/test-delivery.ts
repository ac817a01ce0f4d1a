import { withTimeout } from "../../platform/with-timeout.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventContent } from "../../model/event.ts";
import { alertIdOf, deliveryIdOf } from "../../model/ids.ts";
import type { Context } from "../../context.ts";
import { bodyOf } from "../request/body.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { hintOf } from "./hints.ts";
import { isSuccess } from "./retry-decision.ts";
import type { Sent } from "../request/send.ts";
import { deliver } from "../providers/registry.ts";
import { unsent } from "../providers/provider.ts";

/** The result of a test, as the API shows it. */
type TestResult = {
  readonly ok: boolean;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly response_body: string | null;
  readonly error: string | null;
  readonly hint: string | null;
};

/** The time that a test may take beyond the destination's time-out, in ms. */
const GRACE_MS = 1_000;

const SAMPLE_REQUEST = {
  event_type: "create",
  Id: "hookgate-test",
  Title: "Test: disk almost full on db-1",
  Description: "This is a test that somebody sent by hand. Nothing is wrong.",
  Urgency: "low",
  Tags: ["test"],
};

const SAMPLE_CONTENT: EventContent = {
  kind: "test",
  request: {
    method: "POST",
    query: "",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(SAMPLE_REQUEST),
    body_encoding: "utf8",
  },
  signal: { action: "receive", note: null },
};

function sampleAlert(eventId: string): AlertSnapshot {
  const { Id: key, Title: title, Description: description, Tags: tags } = SAMPLE_REQUEST;
  return {
    id: alertIdOf(eventId),
    key,
    status: "open",
    title,
    description,
    urgency: "low",
    tags,
    meta: {},
    incident: null,
    additional_data: [{ format: "text", label: "Free space", value: "4 %" }],
    dedup_count: 0,
  };
}

/** Returns an event of the type `test` with the content of a stored event, or with a sample if there is none. */
export function testEvent(id: string, at: string, stored: Omit<Deliverable, "type"> | null): Deliverable {
  if (stored !== null) {
    const { integration_id, received_at, alert, content } = stored;
    return { id: stored.id, integration_id, received_at, alert, content, type: "test" };
  }
  const alert = sampleAlert(id);
  return { id, integration_id: "int_test", received_at: at, type: "test", alert, content: SAMPLE_CONTENT };
}

async function attempt(context: Context, destination: Destination, event: Deliverable, id: string): Promise<Sent> {
  const body = await bodyOf(context, destination, event);
  if (!body.ok) {
    if (typeof body.error !== "string") throw body.error;
    return unsent("refused", body.error);
  }
  return await deliver(context, { delivery_id: id, destination, event, body: body.value });
}

/**
 * Sends a test event once, as a delivery is sent, with the same time-out. `freshId` is a new event id, for the `webhook-id`.
 * Nothing is recorded, and the response has no effects.
 */
export async function testDestination(
  context: Context,
  destination: Destination,
  event: Deliverable,
  freshId: string,
): Promise<TestResult> {
  const startedAt = context.clock();
  const deliveryId = deliveryIdOf(freshId, destination.id);
  const { timeout_ms } = destination;
  // Steps before the request, such as fetching a token, have their own time-outs.
  const run = await withTimeout(timeout_ms + GRACE_MS, () => attempt(context, destination, event, deliveryId));
  if (run.kind === "failed") throw run.error;
  const late = {
    outcome: { kind: "timed_out" },
    response_body: null,
    duration_ms: context.clock() - startedAt,
  } as const;
  const sent: Sent =
    run.kind === "done" ? run.value : { ...late, error: `The test did not end within ${timeout_ms} ms.` };
  const { outcome, duration_ms, response_body, error } = sent;
  const status = outcome.kind === "responded" ? outcome.status : null;
  return { ok: isSuccess(outcome), status, duration_ms, response_body, error, hint: hintOf(sent) };
}

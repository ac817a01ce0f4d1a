import { expect } from "vitest";
import type { EventMessage } from "../../src/model/event.ts";
import { alertIdOf } from "../../src/model/ids.ts";
import { storedAlerts, storedEvents } from "./world.ts";

type Expected = { readonly outcome: string; readonly alert_id: string | null };
type Model = {
  readonly events: ReadonlyMap<string, Expected>;
  readonly alerts: readonly { readonly id: string; readonly status: string; readonly dedup_count: number }[];
};

/** PagerTree's rules over a list in order, written down once more and plainly. */
function modelOf(messages: readonly EventMessage[]): Model {
  const events = new Map<string, Expected>();
  const alerts: { id: string; key: string; status: string; dedup_count: number }[] = [];
  for (const { id, content } of messages) {
    const { signal } = content;
    if (!("key" in signal)) continue;
    const current = alerts.findLast((alert) => alert.key === signal.key && alert.status !== "resolved");
    if (signal.action === "create" && current === undefined) {
      alerts.push({ id: alertIdOf(id), key: signal.key, status: "open", dedup_count: 0 });
      events.set(id, { outcome: "created", alert_id: alertIdOf(id) });
    } else if (current === undefined || (signal.action === "acknowledge" && current.status === "acknowledged")) {
      events.set(id, { outcome: "ignored", alert_id: null });
    } else if (signal.action === "create") {
      current.dedup_count += 1;
      events.set(id, { outcome: "repeated", alert_id: current.id });
    } else {
      current.status = signal.action === "resolve" ? "resolved" : "acknowledged";
      events.set(id, { outcome: current.status, alert_id: current.id });
    }
  }
  const shown = alerts.map(({ id, status, dedup_count }) => ({ id, status, dedup_count }));
  return { events, alerts: shown.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Expects that the outcomes and alerts on record are what the messages, in order of receipt, call for. */
export async function expectModel(messages: readonly EventMessage[]): Promise<void> {
  const model = modelOf(messages);
  // What the gateway tells of itself is no sender's.
  const own: readonly (string | null)[] = ["event.group", "destination.disabled"];
  const events = (await storedEvents()).filter(({ type }) => !own.includes(type));
  expect(new Map(events.map(({ id, outcome, alert_id }) => [id, { outcome, alert_id }]))).toEqual(model.events);
  const alerts = await storedAlerts();
  expect(alerts.map(({ id, status, dedup_count }) => ({ id, status, dedup_count }))).toEqual(model.alerts);
}

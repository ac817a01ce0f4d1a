import type { Alert, DeliveryOfEvent, EventOfDelivery } from "../../client/index.ts";
import { line, value } from "../strangers.ts";

// How tools show things of the API: facts of the gateway, and apart from them what outside systems wrote.

/** The attempts of a delivery that are shown. */
const MAX_ATTEMPTS = 5;

export function showEvent(event: EventOfDelivery): object {
  const { title, summary, payload, headers, note, created_at: _created, updated_at: _updated, ...facts } = event;
  return {
    ...facts,
    note: line(note),
    from_sender: { title: line(title ?? summary), payload: value(payload), headers: value(headers) },
  };
}

/** Shows an event in a list: without its payload. */
export function showEventInList(event: EventOfDelivery): object {
  const { id, integration_id, type, outcome, alert_id, received_at, unrouted, delivery_counts, note } = event;
  const from_sender = { title: line(event.title ?? event.summary) };
  return {
    id,
    integration_id,
    type,
    outcome,
    alert_id,
    received_at,
    unrouted,
    delivery_counts,
    note: line(note),
    from_sender,
  };
}

export function showAlert(alert: Alert): object {
  const { key, title, description, tags, meta, incident, additional_data, ...facts } = alert;
  return {
    ...facts,
    from_sender: {
      key: line(key),
      title: line(title),
      description: value(description === "" ? null : description),
      tags: tags.slice(0, 20).map(line),
      ...(Object.keys(meta).length === 0 ? {} : { meta: value(meta) }),
      ...(incident === null ? {} : { incident: value(incident) }),
      ...(additional_data.length === 0 ? {} : { additional_data: value(additional_data) }),
    },
  };
}

/** Shows an alert in a list. */
export function showAlertInList(alert: Alert): object {
  const { id, integration_id, status, urgency, dedup_count, created_at, acknowledged_at, resolved_at } = alert;
  const from_sender = { key: line(alert.key), title: line(alert.title) };
  return { id, integration_id, status, urgency, dedup_count, created_at, acknowledged_at, resolved_at, from_sender };
}

export function showDelivery(delivery: DeliveryOfEvent): object {
  const { title, summary, attempts, ...facts } = delivery;
  const latest = attempts.slice(-MAX_ATTEMPTS);
  return {
    ...facts,
    attempts_made: attempts.length,
    attempts: latest.map(({ response_body, error, ...attempt }) => ({
      ...attempt,
      error: line(error),
      from_receiver: line(response_body),
    })),
    from_sender: { title: line(title ?? summary) },
  };
}

/** Shows a delivery in a list: with its last attempt only. */
export function showDeliveryInList(delivery: DeliveryOfEvent): object {
  const { title, summary, attempts, created_at, updated_at: _updated, ...facts } = delivery;
  const last = attempts.at(-1);
  return {
    ...facts,
    created_at,
    attempts_made: attempts.length,
    last_attempt: last === undefined ? null : { at: last.at, status: last.status, error: line(last.error) },
    from_sender: { title: line(title ?? summary) },
  };
}

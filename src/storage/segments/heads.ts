import { DELIVERY_STATUSES, type DeliveryStatus } from "../../model/delivery.ts";
import type { MessageType, Outcome } from "../../model/event.ts";
import { deliveryIdOf, timeOf } from "../../model/ids.ts";
import { parseDeliveries } from "../events/deliveries-column.ts";
import { type ContentColumn, parseEventHead } from "../events/event-row.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";

// The heads of a segment: of each event, what lists filter by. They are kept apart from the rows, so that only the blocks with matches
// are read. Texts that many events share are written once, in a table, and what is rare or derived is left out.

/** A delivery in a head. `created_ms` is in ms since 1970. */
export type HeadDelivery = {
  readonly id: string;
  readonly destination_id: string;
  readonly route_id: string | null;
  readonly status: DeliveryStatus;
  readonly replay_of: string | null;
  readonly replayed_by: string | null;
  readonly created_ms: number;
};

/** An event as its segment lists it. */
export type SegmentHead = {
  readonly id: string;
  readonly integration_id: string;
  readonly type: MessageType | null;
  readonly outcome: Outcome;
  readonly alert_id: string | null;
  /** The number of destinations that receive it within a group. */
  readonly grouped: number;
  /** The number of events that each delivery counts for. */
  readonly weight: number;
  /** The key of its content in R2, or null if that is in its row. */
  readonly stored_at: string | null;
  /** In the order of the row. */
  readonly deliveries: readonly HeadDelivery[];
  /** The number of the block that has its row. */
  readonly block: number;
};

/** Only a content of up to this many characters can be a reference to R2. */
const MAX_REFERENCE = 200;

function storedAtOf(row: Row): string | null {
  if (text(row, "content").length > MAX_REFERENCE) return null;
  const content = fromColumn<ContentColumn>(row, "content");
  return "stored_at" in content ? content.stored_at : null;
}

/** Returns the head of a row of `events`. */
export function headOf(row: Row, block: number): SegmentHead {
  const { id, integration_id, type, outcome, alert_id } = parseEventHead(row);
  const deliveries = parseDeliveries(row).map(({ created_at, ...each }) => ({
    id: each.id,
    destination_id: each.destination_id,
    route_id: each.route_id,
    status: each.status,
    replay_of: each.replay_of,
    replayed_by: each.replayed_by,
    created_ms: Date.parse(created_at),
  }));
  const counts = { grouped: integer(row, "grouped"), weight: integer(row, "weight") };
  return { id, integration_id, type, outcome, alert_id, ...counts, stored_at: storedAtOf(row), deliveries, block };
}

/** A delivery as it is stored: [destination, route, status, ms after its event, more]. Texts are places in the table; `route` is -1 for null. */
type StoredDelivery = readonly [
  destination: number,
  route: number,
  status: number,
  after_ms: number,
  more?: { readonly id?: string; readonly replay_of?: string; readonly replayed_by?: string },
];

/** Heads as they are stored: a list for each column. */
export type StoredHeads = {
  readonly texts: readonly string[];
  /** Ids without their prefix, with spaces between them. */
  readonly ids: string;
  readonly integrations: readonly number[];
  /** -1 for null, as in `alerts`. */
  readonly types: readonly number[];
  readonly outcomes: readonly number[];
  /** Places in the table, or -2 for the alert that the event itself opened. */
  readonly alerts: readonly number[];
  readonly deliveries: readonly (readonly StoredDelivery[])[];
  /** By place, where they are not 0, 1 and null. */
  readonly grouped: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<string, number>>;
  readonly stored_at: Readonly<Record<string, string>>;
};

const NONE = -1;
const OWN_ALERT = -2;
const EVENT = "evt_";
const ALERT = "alr_";

/** Returns heads as they are stored. */
export function packHeads(heads: readonly SegmentHead[]): StoredHeads {
  const places = new Map<string, number>();
  const placeOf = (value: string | null): number => {
    if (value === null) return NONE;
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  };
  const packDelivery = (event: SegmentHead, each: HeadDelivery): StoredDelivery => {
    const more = {
      ...(each.id === deliveryIdOf(event.id, each.destination_id) ? {} : { id: each.id }),
      ...(each.replay_of === null ? {} : { replay_of: each.replay_of }),
      ...(each.replayed_by === null ? {} : { replayed_by: each.replayed_by }),
    };
    const after = each.created_ms - timeOf(event.id);
    const short = [placeOf(each.destination_id), placeOf(each.route_id), placeOf(each.status), after] as const;
    return Object.keys(more).length === 0 ? short : [...short, more];
  };
  const rare = <T>(valueOf: (head: SegmentHead) => T, usual: T): Record<string, T> =>
    Object.fromEntries(
      heads.flatMap((head, place) => (valueOf(head) === usual ? [] : [[String(place), valueOf(head)] as const])),
    );
  const columns = {
    ids: heads.map(({ id }) => id.slice(EVENT.length)).join(" "),
    integrations: heads.map(({ integration_id }) => placeOf(integration_id)),
    types: heads.map(({ type }) => placeOf(type)),
    outcomes: heads.map(({ outcome }) => placeOf(outcome)),
    alerts: heads.map(({ id, alert_id }) =>
      alert_id === ALERT + id.slice(EVENT.length) ? OWN_ALERT : placeOf(alert_id),
    ),
    deliveries: heads.map((head) => head.deliveries.map((each) => packDelivery(head, each))),
    grouped: rare(({ grouped }) => grouped, 0),
    weights: rare(({ weight }) => weight, 1),
  };
  const stored_at = Object.fromEntries(
    heads.flatMap((head, place) => (head.stored_at === null ? [] : [[String(place), head.stored_at] as const])),
  );
  return { texts: [...places.keys()], ...columns, stored_at };
}

/** Returns the heads that are stored, with the number of the block of each. Throws if they do not fit together. */
export function unpackHeads(stored: StoredHeads, blockOf: (place: number) => number): SegmentHead[] {
  const { texts } = stored;
  const textAt = (place: number | undefined): string => {
    const value = place === undefined ? undefined : texts[place];
    if (value === undefined) throw new Error("A text is not in the table.");
    return value;
  };
  const textOrNullAt = (place: number | undefined): string | null => (place === NONE ? null : textAt(place));
  const unpackDelivery = (eventId: string, each: StoredDelivery): HeadDelivery => {
    const [destination, route, status, after, more] = each;
    const destination_id = textAt(destination);
    return {
      id: more?.id ?? deliveryIdOf(eventId, destination_id),
      destination_id,
      route_id: textOrNullAt(route),
      status: fromWords(textAt(status)),
      replay_of: more?.replay_of ?? null,
      replayed_by: more?.replayed_by ?? null,
      created_ms: timeOf(eventId) + after,
    };
  };
  const ids = stored.ids.split(" ");
  return stored.integrations.map((integration, place) => {
    const own = ids[place];
    if (own === undefined) throw new Error("An event has no id.");
    const id = EVENT + own;
    const alert = stored.alerts[place];
    const head = parseEventHead({
      id,
      integration_id: textAt(integration),
      type: textOrNullAt(stored.types[place]),
      outcome: textAt(stored.outcomes[place]),
      alert_id: alert === OWN_ALERT ? ALERT + own : textOrNullAt(alert),
      received_at: "",
      version: 0,
    });
    return {
      id,
      integration_id: head.integration_id,
      type: head.type,
      outcome: head.outcome,
      alert_id: head.alert_id,
      grouped: stored.grouped[String(place)] ?? 0,
      weight: stored.weights[String(place)] ?? 1,
      stored_at: stored.stored_at[String(place)] ?? null,
      deliveries: (stored.deliveries[place] ?? []).map((each) => unpackDelivery(id, each)),
      block: blockOf(place),
    };
  });
}

function fromWords(word: string): DeliveryStatus {
  const status = DELIVERY_STATUSES.find((each) => each === word);
  if (status === undefined) throw new Error("A delivery has an unknown status.");
  return status;
}

import type { AlertFields } from "../model/alert.ts";
import type { Episode } from "../model/episode.ts";
import type { EventContent, EventMessage } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import type { EventStores } from "../platform/shards.ts";
import { readShownFields } from "../storage/alerts/alerts.ts";
import { ERASED_FIELDS } from "../storage/events/erase.ts";
import { ABOVE_ALL_IDS } from "../storage/tables.ts";
import { eachContent, readHeads } from "../storage/events/log.ts";
import type { Decision, TouchedAlert } from "./decide.ts";

/** The event that opened an alert. `key` is null if it has been erased. */
export type Opener = { readonly integration_id: string; readonly key: string | null };

/** The fields that alerts show, by the event that set them; and the openers, by alert. */
export type FieldSource = {
  readonly fields: ReadonlyMap<string, AlertFields>;
  readonly openers: ReadonlyMap<string, Opener>;
  /** Ids of alerts whose fields do not fit into memory beside those of the others. */
  readonly left_out: ReadonlySet<string>;
};

/** The alerts whose fields are wanted, and the messages that are at hand. */
export type Wanted = {
  readonly messages: readonly EventMessage[];
  readonly decisions: readonly Decision[];
  readonly touched: readonly TouchedAlert[];
  /** An event below this id that is not on record will not come any more. */
  readonly expected_from: string;
};

function fieldsIn(content: EventContent | undefined): AlertFields | null {
  return content !== undefined && "fields" in content.signal ? content.signal.fields : null;
}

function keyIn(content: EventContent | undefined): string | null {
  return content !== undefined && "key" in content.signal ? content.signal.key : null;
}

class Found implements FieldSource {
  readonly fields = new Map<string, AlertFields>();
  readonly openers = new Map<string, Opener>();
  readonly left_out = new Set<string>();

  /** Adds fields and an opener if none is known. */
  add(eventId: string, fields: AlertFields | null, opener: Opener): void {
    if (fields !== null && !this.fields.has(eventId)) this.fields.set(eventId, fields);
    const alertId = alertIdOf(eventId);
    if (!this.openers.has(alertId)) this.openers.set(alertId, opener);
  }

  /** Returns the ids of the events whose fields, or whose alerts' openers, are not known. */
  missing(episodes: readonly Episode[]): string[] {
    const ids = episodes.flatMap(({ fields_from, opened_by }) => [
      ...(this.fields.has(fields_from) ? [] : [fields_from]),
      ...(this.openers.has(alertIdOf(opened_by)) ? [] : [opened_by]),
    ]);
    return [...new Set(ids)];
  }
}

/** The fields of alerts that are read for one batch have at most this many characters. */
const MAX_READ_CHARACTERS = 8_000_000;

/**
 * Finds the fields of every alert that a batch touched: in the batch itself, else as the alert shows them, else in the
 * event that set them. The fields of an event that another consumer still has are left out. The fields of an event that
 * will not come any more are those that the alert shows. Fields that do not fit into memory are left out, too: their events
 * come again.
 */
export async function findFields(stores: EventStores, wanted: Wanted): Promise<FieldSource> {
  const found = new Found();
  for (const { id, content, integration_id } of wanted.messages) {
    found.add(id, fieldsIn(content), { integration_id, key: keyIn(content) });
  }
  const episodes = [
    ...wanted.decisions.flatMap(({ episode }) => episode ?? []),
    ...wanted.touched.map((a) => a.episode),
  ];
  const unknown = episodes.filter((episode) => found.missing([episode]).length > 0);
  if (unknown.length === 0) return found;

  const shownFields = new Map<string, AlertFields>();
  const alertIds = [...new Set(unknown.map((episode) => alertIdOf(episode.opened_by)))];
  const { rows, left } = await readShownFields(stores.shard.db, alertIds);
  for (const id of left) found.left_out.add(id);
  const open = unknown.filter((episode) => !found.left_out.has(alertIdOf(episode.opened_by)));
  for (const { id, fields_from, fields, integration_id, key } of rows) {
    found.openers.set(id, { integration_id, key });
    shownFields.set(id, fields);
    if (!found.fields.has(fields_from)) found.fields.set(fields_from, fields);
  }
  const missing = found.missing(open);
  if (missing.length === 0) return found;

  // Records first: an event that another consumer records in between must not look as if its content had been erased.
  const heads = await readHeads(stores, missing);
  const integrations = new Map(heads.map(({ id, integration_id }) => [id, integration_id]));
  let characters = 0;
  let readBelow = ABOVE_ALL_IDS;
  // Only the fields are kept: a content can have megabytes.
  for await (const { id, content } of eachContent(stores, [...integrations.keys()])) {
    if (characters > MAX_READ_CHARACTERS) {
      readBelow = id;
      break;
    }
    const integration_id = integrations.get(id);
    const fields = fieldsIn(content) ?? ERASED_FIELDS;
    characters += JSON.stringify(fields).length;
    if (integration_id !== undefined) found.add(id, fields, { integration_id, key: keyIn(content) });
  }
  const isUnread = (id: string): boolean => id >= readBelow && integrations.has(id);
  for (const [id, integration_id] of integrations) {
    if (!isUnread(id)) found.add(id, ERASED_FIELDS, { integration_id, key: null });
  }
  const [message] = wanted.messages;
  for (const { opened_by, fields_from } of open) {
    const alertId = alertIdOf(opened_by);
    if (isUnread(fields_from) || isUnread(opened_by)) {
      found.left_out.add(alertId);
      continue;
    }
    if (!found.fields.has(fields_from) && fields_from < wanted.expected_from) {
      found.fields.set(fields_from, shownFields.get(alertId) ?? ERASED_FIELDS);
    }
    if (!found.openers.has(alertId) && opened_by < wanted.expected_from && message !== undefined) {
      found.openers.set(alertId, { integration_id: message.integration_id, key: null });
    }
  }
  return found;
}

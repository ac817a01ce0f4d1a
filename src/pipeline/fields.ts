import type { EventStores } from "../platform/shards.ts";
import type { AlertFields } from "../model/alert.ts";
import type { EventContent, EventMessage } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import { readShownFields } from "../storage/alerts/fields.ts";
import { readContents } from "../storage/events/contents.ts";
import { ERASED_FIELDS } from "../storage/events/erase.ts";
import { readRecords } from "../storage/events/events.ts";
import type { Decision, TouchedAlert } from "./decide.ts";

/** Who opened an alert. `key` is null where that has been erased. */
export type Opener = { readonly integration_id: string; readonly key: string | null };

/** The fields that alerts show, by the event that said so; and who opened each alert. */
export type FieldSource = {
  readonly fields: ReadonlyMap<string, AlertFields>;
  readonly openers: ReadonlyMap<string, Opener>;
};

function fieldsIn(content: EventContent): AlertFields | null {
  return "fields" in content.signal ? content.signal.fields : null;
}

function keyIn(content: EventContent): string | null {
  return "key" in content.signal ? content.signal.key : null;
}

/**
 * Finds the fields of every alert that a batch touched: in the batch itself, else as the alert shows them, else in the
 * event that said so; of an event from before `prunedBefore` (an id) that is gone, as the alert shows them. What another
 * consumer is still working on is not there yet, and is left out.
 */
export async function findFields(
  stores: EventStores,
  messages: readonly EventMessage[],
  decisions: readonly Decision[],
  alerts: readonly TouchedAlert[],
  prunedBefore = "",
): Promise<FieldSource> {
  const fields = new Map<string, AlertFields>();
  const openers = new Map<string, Opener>();
  for (const { id, content, integration_id } of messages) {
    const own = fieldsIn(content);
    if (own !== null) fields.set(id, own);
    openers.set(alertIdOf(id), { integration_id, key: keyIn(content) });
  }
  const episodes = [...decisions.flatMap(({ episode }) => episode ?? []), ...alerts.map(({ episode }) => episode)];
  const wanted = episodes.filter(
    (episode) => !fields.has(episode.fields_from) || !openers.has(alertIdOf(episode.opened_by)),
  );
  if (wanted.length === 0) return { fields, openers };

  const alertIds = [...new Set(wanted.map((episode) => alertIdOf(episode.opened_by)))];
  const shownOf = new Map<string, AlertFields>();
  for (const shown of await readShownFields(stores.shard.db, alertIds)) {
    openers.set(shown.id, shown);
    shownOf.set(shown.id, shown.fields);
    if (!fields.has(shown.fields_from)) fields.set(shown.fields_from, shown.fields);
  }
  const sought = [
    ...wanted.filter((episode) => !fields.has(episode.fields_from)).map((episode) => episode.fields_from),
    ...wanted.filter((episode) => !openers.has(alertIdOf(episode.opened_by))).map((episode) => episode.opened_by),
  ];
  const missing = [...new Set(sought)];
  if (missing.length === 0) return { fields, openers };

  // Records first: an event that another consumer records in between must not look as if its content had been erased.
  const records = await readRecords(stores.shard.db, missing);
  const contents = await readContents(
    stores,
    records.map(({ id }) => id),
  );
  for (const { id, integration_id } of records) {
    const content = contents.get(id);
    const alertId = alertIdOf(id);
    if (!openers.has(alertId))
      openers.set(alertId, { integration_id, key: content === undefined ? null : keyIn(content) });
    if (!fields.has(id)) fields.set(id, (content === undefined ? null : fieldsIn(content)) ?? ERASED_FIELDS);
  }
  const [{ integration_id } = { integration_id: null }] = messages;
  for (const { opened_by, fields_from } of wanted) {
    const alertId = alertIdOf(opened_by);
    if (!fields.has(fields_from) && fields_from < prunedBefore)
      fields.set(fields_from, shownOf.get(alertId) ?? ERASED_FIELDS);
    if (!openers.has(alertId) && opened_by < prunedBefore && integration_id !== null)
      openers.set(alertId, { integration_id, key: null });
  }
  return { fields, openers };
}

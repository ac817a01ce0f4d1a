import type { AlertFields } from "../model/alert.ts";
import type { EventContent, EventMessage } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import { readShownFields } from "../storage/alert-fields.ts";
import { readContents } from "../storage/contents.ts";
import { readRecords } from "../storage/events.ts";
import type { Decision, TouchedAlert } from "./decide.ts";

/** The fields that alerts show, by the event that said so; and the integration that opened each alert. */
export type FieldSource = {
  readonly fields: ReadonlyMap<string, AlertFields>;
  readonly integrations: ReadonlyMap<string, string>;
};

/** What an alert shows whose event has been erased. */
const ERASED_FIELDS: AlertFields = {
  title: "(erased)",
  description: "",
  urgency: null,
  tags: [],
  meta: {},
  incident: null,
  additional_data: [],
};

function fieldsIn(content: EventContent): AlertFields | null {
  return "fields" in content.signal ? content.signal.fields : null;
}

/**
 * Finds the fields of every alert that a batch touched: in the batch itself, else as the alert shows them, else in the
 * event that said so. What another consumer is still working on is not there yet, and is left out.
 */
export async function findFields(
  env: { readonly DB: D1Database; readonly BODIES: R2Bucket },
  messages: readonly EventMessage[],
  decisions: readonly Decision[],
  alerts: readonly TouchedAlert[],
): Promise<FieldSource> {
  const fields = new Map<string, AlertFields>();
  const integrations = new Map<string, string>();
  for (const { id, content, integration_id } of messages) {
    const own = fieldsIn(content);
    if (own !== null) fields.set(id, own);
    integrations.set(alertIdOf(id), integration_id);
  }
  const episodes = [...decisions.flatMap(({ episode }) => episode ?? []), ...alerts.map(({ episode }) => episode)];
  const wanted = episodes.filter(
    (episode) => !fields.has(episode.fields_from) || !integrations.has(alertIdOf(episode.opened_by)),
  );
  if (wanted.length === 0) return { fields, integrations };

  const alertIds = [...new Set(wanted.map((episode) => alertIdOf(episode.opened_by)))];
  for (const shown of await readShownFields(env.DB, alertIds)) {
    integrations.set(shown.id, shown.integration_id);
    if (!fields.has(shown.fields_from)) fields.set(shown.fields_from, shown.fields);
  }
  const sought = [
    ...wanted.filter((episode) => !fields.has(episode.fields_from)).map((episode) => episode.fields_from),
    ...wanted.filter((episode) => !integrations.has(alertIdOf(episode.opened_by))).map((episode) => episode.opened_by),
  ];
  const missing = [...new Set(sought)];
  if (missing.length === 0) return { fields, integrations };

  const contents = await readContents(env, missing);
  for (const { id, integration_id } of await readRecords(env.DB, missing)) {
    integrations.set(alertIdOf(id), integration_id);
    const content = contents.get(id);
    if (!fields.has(id)) fields.set(id, (content === undefined ? null : fieldsIn(content)) ?? ERASED_FIELDS);
  }
  return { fields, integrations };
}

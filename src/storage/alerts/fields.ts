import type { ShardDatabase } from "../../platform/shards.ts";
import type { AlertFields } from "../../model/alert.ts";
import { type Row, fromColumn, text } from "../rows.ts";

/** The fields that an alert shows, and the event that said so. */
export type ShownFields = {
  readonly id: string;
  readonly key: string;
  readonly fields_from: string;
  readonly integration_id: string;
  readonly fields: AlertFields;
};

const READ = `SELECT id, key, integration_id, fields_from, fields FROM alerts WHERE id IN (SELECT value FROM json_each(?1))`;

/** What alerts show now; those that are not written yet are left out. */
export async function readShownFields(db: ShardDatabase, alertIds: readonly string[]): Promise<ShownFields[]> {
  const { results } = await db.prepare(READ).bind(JSON.stringify(alertIds)).all<Row>();
  return results.map((row) => ({
    id: text(row, "id"),
    key: text(row, "key"),
    fields_from: text(row, "fields_from"),
    integration_id: text(row, "integration_id"),
    fields: fromColumn(row, "fields"),
  }));
}

import {
  INTEGRATION_TYPES,
  type Integration,
  type IntegrationAuth,
  type PagertreeOptions,
} from "../model/integration.ts";
import { changeConfiguration } from "./revision.ts";
import { type Row, integer, oneOf, text } from "./rows.ts";
import { dropFromRoutes } from "./routes.ts";
import { type PageQuery, findRow, insertRow, knownIds, selectPage, updateRow } from "./tables.ts";

const COLUMNS = ["id", "name", "type", "enabled", "auth", "options", "created_at", "updated_at"] as const;

function parseIntegration(row: Row): Integration {
  const auth: IntegrationAuth = JSON.parse(text(row, "auth"));
  const options: PagertreeOptions = JSON.parse(text(row, "options"));
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    type: oneOf(row, "type", INTEGRATION_TYPES),
    enabled: integer(row, "enabled") === 1,
    auth,
    options,
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findIntegration(db: D1Database, id: string): Promise<Integration | null> {
  const row = await findRow(db, "integrations", id);
  return row === null ? null : parseIntegration(row);
}

/** Newest first, with one more than the page's limit where there are more. */
export async function listIntegrations(db: D1Database, page: PageQuery): Promise<Integration[]> {
  return (await selectPage(db, "integrations", page, {})).map(parseIntegration);
}

export async function knownIntegrationIds(db: D1Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return await knownIds(db, "integrations", ids);
}

/** The statement that stores a new integration, for `changeConfiguration`. */
export function insertIntegration(db: D1Database, integration: Integration): D1PreparedStatement {
  return insertRow(db, "integrations", COLUMNS, integration);
}

export type IntegrationChanges = {
  readonly [Field in keyof Integration]?: Integration[Field] | undefined;
};

/** Changes the given fields; answers the integration as it is then, or null where there is none. */
export async function updateIntegration(
  db: D1Database,
  id: string,
  changes: IntegrationChanges,
): Promise<Integration | null> {
  const [updated] = await changeConfiguration(db, [updateRow(db, "integrations", COLUMNS, id, changes)]);
  const row = updated?.results[0];
  return row === undefined ? null : parseIntegration(row);
}

/** Deletes an integration and takes it out of the routes that name it; answers whether there was one. */
export async function deleteIntegration(db: D1Database, id: string, at: string): Promise<boolean> {
  const [deleted] = await changeConfiguration(db, [
    db.prepare("DELETE FROM integrations WHERE id = ? RETURNING id").bind(id),
    dropFromRoutes(db, "integration_ids", id, at),
  ]);
  return deleted?.results.length === 1;
}

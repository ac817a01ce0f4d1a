import type { AuditEntry } from "../../model/audit.ts";
import type { Destination } from "../../model/destination.ts";
import type { Integration } from "../../model/integration.ts";
import type { Route } from "../../model/route.ts";
import type { Transformation } from "../../model/transformation.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { parseDestination, upsertDestinations } from "../destinations/destinations.ts";
import { type Row, integer } from "../rows.ts";
import { insertAudits } from "./audit.ts";
import { parseIntegration, upsertIntegrations } from "./integrations.ts";
import { parseRevision } from "./revision.ts";
import { parseRoute, upsertRoutes } from "./routes.ts";
import { detachTransformations, parseTransformation, upsertTransformations } from "./transformations.ts";

/** The whole configuration at one revision, oldest things first. */
export type WholeConfig = {
  readonly revision: number;
  readonly integrations: readonly Integration[];
  readonly destinations: readonly Destination[];
  readonly routes: readonly Route[];
  readonly transformations: readonly Transformation[];
};

export type ConfigLimits = { readonly max_things: number; readonly max_bytes: number };

const SIZE = `
  SELECT
    (SELECT count(*) FROM integrations) AS integrations,
    (SELECT count(*) FROM destinations) AS destinations,
    (SELECT count(*) FROM routes) AS routes,
    (SELECT count(*) FROM transformations) AS transformations,
    (SELECT total(length(auth) + length(options) + length(coalesce(response, '')) + length(coalesce(allowed_ips, '')))
      FROM integrations)
    + (SELECT total(length(headers) + length(sealed_headers) + length(auth) + length(payload) + length(options))
      FROM destinations)
    + (SELECT total(length(coalesce(match, '')) + length(destination_ids) + length(coalesce(integration_ids, '')))
      FROM routes)
    + (SELECT total(length(code)) FROM transformations) AS bytes`;

const TABLES = ["integrations", "destinations", "routes", "transformations"] as const;

/** Reads the whole configuration in one transaction. Returns null if it is larger than the limits. */
export async function readWholeConfig(db: PrimaryDatabase, limits: ConfigLimits): Promise<WholeConfig | null> {
  const size = await db.prepare(SIZE).first<Row>();
  if (size === null) return null;
  const counts = TABLES.map((table) => integer(size, table));
  if (Math.max(...counts) > limits.max_things || integer(size, "bytes") > limits.max_bytes) return null;
  const [revision, integrations, destinations, routes, transformations] = await db.batch<Row>([
    db.prepare("SELECT revision FROM config_revision WHERE id = 1"),
    ...TABLES.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY id`)),
  ]);
  return {
    revision: parseRevision(revision?.results[0] ?? null),
    integrations: (integrations?.results ?? []).map(parseIntegration),
    destinations: (destinations?.results ?? []).map(parseDestination),
    routes: (routes?.results ?? []).map(parseRoute),
    transformations: (transformations?.results ?? []).map(parseTransformation),
  };
}

/** What a configuration document changes. Rows are complete. */
export type ConfigWrites = {
  readonly integrations: readonly Integration[];
  readonly destinations: readonly Destination[];
  readonly routes: readonly Route[];
  readonly transformations: readonly Transformation[];
  readonly deleted: {
    readonly integrations: readonly string[];
    readonly destinations: readonly string[];
    readonly routes: readonly string[];
    readonly transformations: readonly string[];
  };
  readonly at: string;
  /** Destinations whose access tokens are for another target or client. */
  readonly disconnected: readonly string[];
  /** Destinations that start without the failures of before. */
  readonly recovered: readonly string[];
  readonly records: readonly AuditEntry[];
};

// SQLite refuses the NULL, which undoes the transaction.
const GUARD = "UPDATE config_revision SET revision = CASE WHEN revision = ?1 THEN revision + 1 END WHERE id = 1";
const GUARD_FAILED = /NOT NULL constraint failed: config_revision\.revision/;

/**
 * Makes changes in one transaction, if the configuration still has the revision that they were planned for. Returns whether it
 * had.
 */
export async function writeConfig(db: PrimaryDatabase, revision: number, writes: ConfigWrites): Promise<boolean> {
  const deletion = (table: string, column: string, ids: readonly string[]): readonly D1PreparedStatement[] =>
    ids.length === 0
      ? []
      : [
          db
            .prepare(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?1))`)
            .bind(JSON.stringify(ids)),
        ];
  const { deleted, disconnected, recovered, records } = writes;
  const gone = deleted.destinations;
  const statements = [
    db.prepare(GUARD).bind(revision),
    // Deletions first: they free names.
    ...deletion("routes", "id", deleted.routes),
    ...deletion("integrations", "id", deleted.integrations),
    ...deletion("integration_addresses", "integration_id", deleted.integrations),
    ...deletion("destinations", "id", gone),
    ...deletion("oauth_tokens", "destination_id", [...gone, ...disconnected]),
    ...deletion("oauth_requests", "destination_id", [...gone, ...disconnected]),
    ...deletion("destination_health", "destination_id", [...gone, ...recovered]),
    ...deletion("rate_limit_slots", "destination_id", gone),
    ...deletion("concurrency_leases", "destination_id", gone),
    ...deletion("transformations", "id", deleted.transformations),
    ...deletion("transformation_versions", "transformation_id", deleted.transformations),
    ...deletion("transformation_runs", "transformation_id", deleted.transformations),
    // A document neither names nor deletes what commands have made.
    ...detachTransformations(db, deleted.transformations, writes.at),
    ...upsertTransformations(db, writes.transformations),
    ...upsertIntegrations(db, writes.integrations),
    ...upsertDestinations(db, writes.destinations),
    ...upsertRoutes(db, writes.routes),
    ...insertAudits(db, records),
  ];
  try {
    await db.batch(statements);
    return true;
  } catch (error) {
    if (error instanceof Error && GUARD_FAILED.test(error.message)) return false;
    throw error;
  }
}

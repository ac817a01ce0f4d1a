import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { Destination } from "../../model/destination.ts";
import type { Route } from "../../model/route.ts";
import type { TransformationHead } from "../../model/transformation.ts";
import { parseDestination } from "../destinations/destinations.ts";
import { type ConfigState, parseState } from "./revision.ts";
import { parseRoute } from "./routes.ts";
import { type Row, fromColumn } from "../rows.ts";

/** Routes and destinations at one revision of the config. */
export type ConfigSnapshot = ConfigState & {
  readonly routes: readonly Route[];
  readonly destinations: ReadonlyMap<string, Destination>;
  /** The transformations by id, without their code, which config-cache/transformations.ts reads if it is needed. */
  readonly transformations: ReadonlyMap<string, TransformationHead>;
  /** The ids of the transformations of integrations, by the integration's id. */
  readonly integration_transformations: ReadonlyMap<string, string>;
};

// One query with the state, because each counts towards the limit of an invocation.
const SELECT_STATE_AND_TRANSFORMATIONS = `
  SELECT *,
    (SELECT json_group_array(json_array(id, name, version)) FROM transformations) AS transformations,
    (SELECT json_group_object(id, transformation_id) FROM integrations WHERE transformation_id IS NOT NULL)
      AS integration_transformations
  FROM config_revision WHERE id = 1`;

function parseTransformations(row: Row): Pick<ConfigSnapshot, "transformations" | "integration_transformations"> {
  const heads = fromColumn<readonly (readonly [string, string, number])[]>(row, "transformations");
  const uses = fromColumn<Readonly<Record<string, string>>>(row, "integration_transformations");
  return {
    transformations: new Map(heads.map(([id, name, version]) => [id, { id, name, version }])),
    integration_transformations: new Map(Object.entries(uses)),
  };
}

/** Reads the config of consumers in one transaction. */
export async function readConfig(db: PrimaryDatabase): Promise<ConfigSnapshot> {
  const [state, routes, destinations] = await db.batch<Row>([
    db.prepare(SELECT_STATE_AND_TRANSFORMATIONS),
    db.prepare("SELECT * FROM routes ORDER BY id"),
    db.prepare("SELECT * FROM destinations ORDER BY id"),
  ]);
  const row = state?.results[0] ?? null;
  return {
    ...parseState(row),
    ...parseTransformations(row ?? {}),
    routes: (routes?.results ?? []).map(parseRoute),
    destinations: new Map((destinations?.results ?? []).map(parseDestination).map((each) => [each.id, each])),
  };
}

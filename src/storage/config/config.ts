import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { Destination } from "../../model/destination.ts";
import type { Route } from "../../model/route.ts";
import { parseDestination } from "../destinations/destinations.ts";
import { type ConfigState, SELECT_STATE, parseState } from "./revision.ts";
import { parseRoute } from "./routes.ts";
import type { Row } from "../rows.ts";

/** Routes and destinations at one revision of the config. */
export type ConfigSnapshot = ConfigState & {
  readonly routes: readonly Route[];
  readonly destinations: ReadonlyMap<string, Destination>;
};

/** Reads the config of consumers in one transaction. */
export async function readConfig(db: PrimaryDatabase): Promise<ConfigSnapshot> {
  const [state, routes, destinations] = await db.batch<Row>([
    db.prepare(SELECT_STATE),
    db.prepare("SELECT * FROM routes ORDER BY id"),
    db.prepare("SELECT * FROM destinations ORDER BY id"),
  ]);
  return {
    ...parseState(state?.results[0] ?? null),
    routes: (routes?.results ?? []).map(parseRoute),
    destinations: new Map((destinations?.results ?? []).map(parseDestination).map((each) => [each.id, each])),
  };
}

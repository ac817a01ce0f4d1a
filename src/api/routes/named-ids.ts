import type { FieldError } from "../../model/result.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { knownIntegrationIds } from "../../storage/config/integrations.ts";
import { knownDestinationIds } from "../../storage/destinations/destinations.ts";

type NamedIds = {
  readonly integration_ids?: readonly string[] | null | undefined;
  readonly destination_ids?: readonly string[] | undefined;
};

function unknownIds(path: keyof NamedIds, ids: readonly string[], known: ReadonlySet<string>): FieldError[] {
  const message = path === "integration_ids" ? "is not the id of an integration" : "is not the id of a destination";
  return ids.flatMap((id, index) => (known.has(id) ? [] : [{ path: `${path}[${index}]`, message }]));
}

/** The ids that a route names and that do not exist. */
export async function idErrors(db: PrimaryDatabase, given: NamedIds): Promise<readonly FieldError[]> {
  const integrations = given.integration_ids ?? [];
  const destinations = given.destination_ids ?? [];
  const none: ReadonlySet<string> = new Set();
  const [knownIntegrations, knownDestinations] = await Promise.all([
    integrations.length === 0 ? none : knownIntegrationIds(db, integrations),
    destinations.length === 0 ? none : knownDestinationIds(db, destinations),
  ]);
  return [
    ...unknownIds("integration_ids", integrations, knownIntegrations),
    ...unknownIds("destination_ids", destinations, knownDestinations),
  ];
}

export function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

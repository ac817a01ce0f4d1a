import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { resolveNames } from "../../storage/config/external-ids.ts";

type Named = {
  readonly integration_ids?: readonly string[] | null | undefined;
  readonly destination_ids?: readonly string[] | undefined;
};

function resolveList(
  path: keyof Named,
  names: readonly string[],
  known: ReadonlyMap<string, string>,
): Result<readonly string[], readonly FieldError[]> {
  const what = path === "integration_ids" ? "an integration" : "a destination";
  const errors = names.flatMap((name, index) =>
    known.has(name) ? [] : [{ path: `${path}[${index}]`, message: `is not the id of ${what}` }],
  );
  return errors.length > 0 ? fail(errors) : ok([...new Set(names.flatMap((name) => known.get(name) ?? []))]);
}

/** The ids that a route names by ids or by `external_id`, each once, in place of the names. Unknown names are errors. */
export async function resolveIds<Given extends Named>(
  db: PrimaryDatabase,
  given: Given,
): Promise<Result<Omit<Given, keyof Named> & Named, readonly FieldError[]>> {
  const integrations = given.integration_ids ?? [];
  const destinations = given.destination_ids ?? [];
  const [knownIntegrations, knownDestinations] = await Promise.all([
    resolveNames(db, "int", integrations),
    resolveNames(db, "dst", destinations),
  ]);
  const integration_ids = resolveList("integration_ids", integrations, knownIntegrations);
  const destination_ids = resolveList("destination_ids", destinations, knownDestinations);
  if (!integration_ids.ok || !destination_ids.ok) {
    return fail([integration_ids, destination_ids].flatMap((each) => (each.ok ? [] : each.error)));
  }
  return ok({
    ...given,
    integration_ids: given.integration_ids && integration_ids.value,
    destination_ids: given.destination_ids && destination_ids.value,
  });
}

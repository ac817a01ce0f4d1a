import type { Destination } from "../../model/destination.ts";
import type { Integration } from "../../model/integration.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, MAX_ERRORS, type Result, fail, ok } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";
import type { Transformation } from "../../model/transformation.ts";
import type { WholeConfig } from "../../storage/config/document.ts";
import type { ApiRequest } from "../request.ts";
import { type ConfigKind, changedFields } from "./changes.ts";
import type { ConfigRequest } from "./document.ts";
import { describeDestinations, describeIntegrations, describeRoutes, mintIntegration } from "./entries.ts";
import { describeTransformations } from "./describe-transformations.ts";
import type { Described, Entry } from "./entry.ts";
import { type KeyIndex, type Named, externalIdFor, indexKeys, nameIn, parseKey } from "./keys.ts";
import { listenersIn, withoutListeners } from "./listeners.ts";

type Errors = readonly FieldError[];
type Thing = Named & { readonly managed_by: string | null };

/** What becomes of one thing. `before` is null if it is created, `after` if it is deleted. */
export type Step<T> = {
  readonly key: string;
  readonly before: T | null;
  readonly after: T | null;
  readonly fields: readonly string[];
};

/** What a document changes of one kind. */
export type KindPlan<T> = {
  readonly kind: ConfigKind;
  readonly steps: readonly Step<T>[];
  /** Things that do not change, except that the document manages them from now on. */
  readonly adopted: readonly T[];
  readonly generated: ReadonlyMap<string, string>;
};

export type Plan = {
  readonly integrations: KindPlan<Integration>;
  readonly destinations: KindPlan<Destination>;
  readonly routes: KindPlan<Route>;
  readonly transformations: KindPlan<Transformation>;
};

function prefixed(path: string, errors: Errors): Errors {
  return errors.map((error) => ({ ...error, path: error.path === "" ? path : `${path}.${error.path}` }));
}

/** Finds the thing of each entry and decides how it is named. */
async function identify<T extends Thing>(
  plural: string,
  given: JsonObject,
  index: KeyIndex<T>,
  mint: () => Promise<string>,
): Promise<Result<readonly Entry<T>[], Errors>> {
  const entries: Entry<T>[] = [];
  const errors: FieldError[] = [];
  const seen = new Map<string, string>();
  for (const [key, entry] of Object.entries(given)) {
    const path = `${plural}.${key}`;
    const stored = index.find(key);
    if (!isJsonObject(entry)) continue;
    if (stored === "ambiguous") {
      errors.push({ path, message: "is the name of several: write each as `name [id]`, as the export does" });
      continue;
    }
    const twin = stored === null ? undefined : seen.get(stored.id);
    if (twin !== undefined) errors.push({ path, message: `is the same one as ${plural}.${twin}` });
    if (stored !== null) seen.set(stored.id, key);
    const name = typeof entry["name"] === "string" ? entry["name"] : nameIn(key);
    const isRenamed = name !== nameIn(key) && parseKey(key) === null;
    const external_id =
      stored === null || (stored.external_id === null && isRenamed) ? externalIdFor(key) : stored.external_id;
    if (isRenamed && external_id === null) {
      errors.push({ path: `${path}.name`, message: "must be the key, because the key cannot be an external_id" });
    }
    if (Object.hasOwn(entry, "name") && typeof entry["name"] !== "string") {
      errors.push({ path: `${path}.name`, message: "must be text" });
    }
    entries.push({ key, given: entry, id: stored?.id ?? (await mint()), name, external_id, stored });
  }
  return errors.length > 0 ? fail(errors) : ok(entries);
}

/** Compares each entry with what is stored. Things without an entry are deleted if `prune` is set. */
async function planKind<T extends Thing>(
  kind: ConfigKind,
  plural: string,
  entries: readonly Entry<T>[],
  stored: readonly T[],
  index: KeyIndex<T>,
  isPruned: boolean,
  describe: (entry: Entry<T>) => Promise<Result<Described<T>, Errors>>,
): Promise<Result<KindPlan<T>, Errors>> {
  const steps: Step<T>[] = [];
  const adopted: T[] = [];
  const generated = new Map<string, string>();
  const errors: FieldError[] = [];
  for (const entry of entries) {
    const described = await describe(entry);
    if (!described.ok) {
      errors.push(...prefixed(`${plural}.${entry.key}`, described.error));
      if (errors.length >= MAX_ERRORS) break;
      continue;
    }
    const { row, generated: made } = described.value;
    for (const [name, value] of made) generated.set(name, value);
    const { key, stored: before } = entry;
    const fields = before === null ? Object.keys(entry.given).toSorted() : changedFields(before, row);
    if (before === null || fields.length > 0) steps.push({ key, before, after: row, fields });
    else if (before.managed_by !== row.managed_by) adopted.push({ ...before, managed_by: row.managed_by });
  }
  if (errors.length > 0) return fail(errors);
  const named = new Set(entries.map(({ id }) => id));
  const unnamed = isPruned ? stored.filter(({ id }) => !named.has(id)) : [];
  const deletions = unnamed.map((before) => ({ key: index.keyOf(before), before, after: null, fields: [] }));
  return ok({ kind, steps: [...steps, ...deletions], adopted, generated });
}

/** Leads from keys to ids: of entries, and, unless they are deleted, of things without one. */
function referencesOf<T extends Thing>(
  entries: readonly Entry<T>[],
  index: KeyIndex<T>,
  isPruned: boolean,
): (key: string) => string | null {
  const byKey = new Map(entries.map(({ key, id }) => [key, id]));
  const ids = new Set(entries.map(({ id }) => id));
  return (key) => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const stored = index.find(key);
    return stored === null || stored === "ambiguous" || (isPruned && !ids.has(stored.id)) ? null : stored.id;
  };
}

/** Two things must not have one `external_id`: a new one may get that of a thing without an entry, under another key. */
function refuseTwins<T extends Thing>(plural: string, entries: readonly Entry<T>[], stored: readonly T[]): Errors {
  const owners = new Map(stored.flatMap(({ id, external_id }) => (external_id === null ? [] : [[external_id, id]])));
  return entries.flatMap(({ key, id, external_id }) => {
    if (external_id === null) return [];
    const owner = owners.get(external_id);
    owners.set(external_id, id);
    const isTwin = owner !== undefined && owner !== id;
    return isTwin ? [{ path: `${plural}.${key}`, message: `has the external_id ${external_id} of another one` }] : [];
  });
}

/** Plans what a document changes. Every error has the path of its field in the document. */
export async function planConfig(
  request: ApiRequest,
  document: ConfigRequest,
  whole: WholeConfig,
  isPruned: boolean,
): Promise<Result<Plan, Errors>> {
  const config = withoutListeners(whole);
  const { context } = request;
  const at = new Date(context.clock()).toISOString();
  const indexes = {
    integrations: indexKeys(config.integrations),
    destinations: indexKeys(config.destinations),
    routes: indexKeys(config.routes),
    transformations: indexKeys(config.transformations),
  };
  const [integrations, destinations, routes, transformations] = await Promise.all([
    identify("integrations", document.integrations, indexes.integrations, () => mintIntegration(context)),
    identify("destinations", document.destinations, indexes.destinations, () =>
      Promise.resolve(context.mint("dst").id),
    ),
    identify("routes", document.routes, indexes.routes, () => Promise.resolve(context.mint("rte").id)),
    identify("transformations", document.transformations, indexes.transformations, () =>
      Promise.resolve(context.mint("trf").id),
    ),
  ]);
  if (!integrations.ok || !destinations.ok || !routes.ok || !transformations.ok) {
    return fail([integrations, destinations, routes, transformations].flatMap((each) => (each.ok ? [] : each.error)));
  }
  const twins = [
    ...refuseTwins("integrations", integrations.value, config.integrations),
    ...refuseTwins("destinations", destinations.value, whole.destinations),
    ...refuseTwins("routes", routes.value, whole.routes),
    ...refuseTwins("transformations", transformations.value, whole.transformations),
  ];
  if (twins.length > 0) return fail(twins);
  const references = {
    integration: referencesOf(integrations.value, indexes.integrations, isPruned),
    destination: referencesOf(destinations.value, indexes.destinations, isPruned),
    transformation: referencesOf(transformations.value, indexes.transformations, isPruned),
  };
  const { secrets } = document;
  const planned = [
    await planKind(
      "integration",
      "integrations",
      integrations.value,
      config.integrations,
      indexes.integrations,
      isPruned,
      describeIntegrations(request, secrets, at, references.transformation),
    ),
    await planKind(
      "destination",
      "destinations",
      destinations.value,
      config.destinations,
      indexes.destinations,
      isPruned,
      describeDestinations(request, secrets, at, references.transformation),
    ),
    await planKind(
      "route",
      "routes",
      routes.value,
      config.routes,
      indexes.routes,
      isPruned,
      describeRoutes(references, listenersIn(whole), at),
    ),
    await planKind(
      "transformation",
      "transformations",
      transformations.value,
      config.transformations,
      indexes.transformations,
      isPruned,
      describeTransformations(at),
    ),
  ] as const;
  const [ofIntegrations, ofDestinations, ofRoutes, ofTransformations] = planned;
  if (!ofIntegrations.ok || !ofDestinations.ok || !ofRoutes.ok || !ofTransformations.ok) {
    return fail(planned.flatMap((each) => (each.ok ? [] : each.error)));
  }
  return ok({
    integrations: ofIntegrations.value,
    destinations: ofDestinations.value,
    routes: ofRoutes.value,
    transformations: ofTransformations.value,
  });
}

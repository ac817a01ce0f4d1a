import type * as z from "zod/mini";
import { withChecksum } from "../../crypto/checksums.ts";
import type { Destination } from "../../model/destination.ts";
import type { Integration } from "../../model/integration.ts";
import { type JsonObject, isList } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";
import { pickShard } from "../../platform/shards.ts";
import { DISABLED_BY_HAND } from "../destinations/disabled-reason.ts";
import { destinationCreation } from "../destinations/fields.ts";
import { resolveDestination } from "../destinations/resolve-destination.ts";
import { secretsNeedingReentry } from "../destinations/secret-targets.ts";
import { check } from "../field-errors.ts";
import { shardError } from "../integrations/create.ts";
import { integrationCreation } from "../integrations/fields.ts";
import { resolveIntegration } from "../integrations/resolve-integration.ts";
import type { ApiRequest } from "../request.ts";
import { routeCreation } from "../routes/fields.ts";
import { systemEventErrors } from "../routes/system-events.ts";
import { type KeyToId, resolveTransformation, withKeyPath } from "./describe-transformations.ts";
import { type Describe, KEY_HINT, refuseFields, stampsOf } from "./entry.ts";
import { withStoredListeners } from "./listeners.ts";
import { openSecrets, storedInDestination, storedInIntegration } from "./secrets.ts";
import { createNames, valueAtPath } from "./secret-places.ts";
import { withSigningDefaults, withoutOptions, withoutUnnamedOptions } from "./stored.ts";

type Errors = readonly FieldError[];

/** The errors of a check, without those at the paths of other errors. */
function unlessAt(others: Errors, checked: Result<unknown, Errors>): Errors {
  const paths = new Set(others.map(({ path }) => path));
  return checked.ok ? [] : checked.error.filter(({ path }) => !paths.has(path));
}

/** The generated ones of new secrets, by the names that the document or the gateway gives them. */
function namesOf(
  kind: "integration" | "destination",
  key: string,
  revealed: Readonly<Record<string, string>>,
  { generated, given }: { readonly generated: ReadonlyMap<string, string>; readonly given: ReadonlySet<string> },
): ReadonlyMap<string, string> {
  const derive = createNames();
  const made = Object.entries(revealed).filter(([field]) => !given.has(field));
  return new Map(made.map(([field, value]) => [generated.get(field) ?? derive(kind, key, field), value]));
}

/** Returns what describes integrations. A stored field that no document describes stays. `values` are the secrets that came along. */
export function describeIntegrations(
  { context }: ApiRequest,
  values: JsonObject,
  at: string,
  transformationOf: KeyToId,
): Describe<Integration> {
  const { keys, shards } = context;
  return async (each) => {
    const { key, id, name, external_id, stored } = each;
    const { given, fields, errors: refused } = resolveTransformation(each.given, transformationOf);
    const opened = await openSecrets(keys, "integration", given, values, id, storedInIntegration(stored));
    const parsed = check(integrationCreation, { ...opened.entry, ...fields, name });
    const errors = [...refused, ...opened.errors, ...unlessAt(refused, parsed)];
    if (!parsed.ok || errors.length > 0) return fail(errors);
    const shard = parsed.value.shard ?? stored?.shard ?? pickShard(shards, id);
    const misplaced = stored === null ? shardError(shards, shard) : null;
    if (misplaced !== null) return fail([misplaced]);
    if (stored !== null && shard !== stored.shard) {
      return fail([{ path: "shard", message: `cannot be changed: its events are in shard ${stored.shard}` }]);
    }
    const before = withoutOptions(stored?.auth ?? { type: "none" });
    const resolved = await resolveIntegration(context, parsed.value, id, before);
    if (!resolved.ok) return resolved;
    const { settings, revealed } = resolved.value;
    const address = stored?.address ?? null;
    const row: Integration = { ...stored, id, ...settings, external_id, address, shard, ...stampsOf(each, at) };
    return ok({ row, generated: namesOf("integration", key, { ...revealed }, opened) });
  };
}

/** Returns what describes destinations. */
export function describeDestinations(
  request: ApiRequest,
  values: JsonObject,
  at: string,
  transformationOf: KeyToId,
): Describe<Destination> {
  const { keys } = request.context;
  return async (each) => {
    const { key, id, name, external_id, stored } = each;
    const { given, fields, errors: refused } = resolveTransformation(each.given, transformationOf);
    const opened = await openSecrets(keys, "destination", given, values, id, storedInDestination(stored));
    const parsed = check(destinationCreation, { ...opened.entry, ...fields, name });
    const errors = [...refused, ...opened.errors, ...unlessAt(refused, parsed)];
    if (!parsed.ok || errors.length > 0) return fail(errors);
    if (stored !== null && parsed.value.type !== stored.type) {
      return fail([{ path: "type", message: "cannot be changed: give the entry another key" }]);
    }
    const { headers, signing } = parsed.value;
    const body: z.output<typeof destinationCreation> = {
      ...parsed.value,
      headers: headers && { ...headers, secret: opened.secret_headers },
      signing: signing && withSigningDefaults(signing),
    };
    const known =
      stored === null ? null : withoutUnnamedOptions(stored, valueAtPath(each.given, ["payload", "options"]));
    const resolved = await resolveDestination(request, body, id, known);
    if (!resolved.ok) return fail(resolved.error.map(withKeyPath));
    const { settings, revealed } = resolved.value;
    const moved = stored === null ? [] : secretsNeedingReentry(stored, settings, body.auth);
    if (moved.length > 0) return fail(moved);
    const reason = stored?.enabled === false ? stored.disabled_reason : DISABLED_BY_HAND;
    const disabled_reason = settings.enabled ? null : reason;
    const paused_at = stored?.paused_at ?? null;
    const row: Destination = {
      ...stored,
      id,
      ...settings,
      disabled_reason,
      paused_at,
      external_id,
      ...stampsOf(each, at),
    };
    return ok({
      row,
      generated: namesOf("destination", key, revealed === null ? {} : { signing_secret: revealed }, opened),
    });
  };
}

const ROUTE_HINTS = {
  ...KEY_HINT,
  integration_ids: "is written as integrations, a list of keys",
  destination_ids: "is written as destinations, a list of keys",
};
const ROUTE_FIELD: Readonly<Record<string, string>> = {
  integration_ids: "integrations",
  destination_ids: "destinations",
};
/** Stands for a list that is empty because what it named was deleted. Such a route takes or delivers nothing. */
const NOBODY = ["-"];

/** Leads from the keys that routes name to ids. */
export type References = {
  readonly integration: (key: string) => string | null;
  readonly destination: (key: string) => string | null;
};

function resolveReferences(
  path: "integrations" | "destinations",
  given: JsonObject,
  idOf: (key: string) => string | null,
): { readonly value: unknown; readonly is_empty: boolean; readonly errors: Errors } {
  const keys = given[path];
  if (!isList(keys)) return { value: keys, is_empty: false, errors: [] };
  if (keys.length === 0) return { value: NOBODY, is_empty: true, errors: [] };
  const what = path === "integrations" ? "an integration" : "a destination";
  const ids = keys.map((key) => (typeof key === "string" ? idOf(key) : null));
  const errors = ids.flatMap((id, index) =>
    id === null ? [{ path: `${path}[${index}]`, message: `is not the key of ${what}` }] : [],
  );
  return { value: [...new Set(ids)], is_empty: false, errors };
}

/** Returns what describes routes. `listeners` are destinations of commands, which a stored route keeps. */
export function describeRoutes(references: References, listeners: ReadonlySet<string>, at: string): Describe<Route> {
  return (each) => {
    const { id, name, external_id, given } = each;
    const { integrations: _integrations, destinations: _destinations, ...rest } = given;
    const integrations = resolveReferences("integrations", given, references.integration);
    const destinations = resolveReferences("destinations", given, references.destination);
    const named = [...refuseFields(given, ROUTE_HINTS), ...integrations.errors, ...destinations.errors];
    if (named.length > 0) return Promise.resolve(fail(named));
    const parsed = check(routeCreation, {
      ...rest,
      name,
      ...(integrations.value === undefined ? {} : { integration_ids: integrations.value }),
      ...(destinations.value === undefined ? {} : { destination_ids: destinations.value }),
    });
    if (!parsed.ok) {
      return Promise.resolve(
        fail(
          parsed.error.map(({ path, message }) => ({
            path: path.replace(/^\w+_ids/, (field) => ROUTE_FIELD[field] ?? field),
            message,
          })),
        ),
      );
    }
    const unreachable = integrations.is_empty ? [] : systemEventErrors(parsed.value);
    if (unreachable.length > 0) {
      return Promise.resolve(fail(unreachable.map(({ message }) => ({ path: "integrations", message }))));
    }
    const row: Route = {
      ...each.stored,
      id,
      ...parsed.value,
      integration_ids: integrations.is_empty ? [] : parsed.value.integration_ids,
      destination_ids: withStoredListeners(
        destinations.is_empty ? [] : parsed.value.destination_ids,
        each.stored?.destination_ids ?? [],
        listeners,
      ),
      external_id,
      ...stampsOf(each, at),
    };
    return Promise.resolve(ok({ row, generated: new Map() }));
  };
}

/** Makes the id of a new integration, which is its address, too. */
export async function mintIntegration({ keys, mint }: ApiRequest["context"]): Promise<string> {
  return await withChecksum(keys, mint("int").id);
}

import { leavePendingChanges } from "../../delivery/attempts/pending-changes.ts";
import { forgetListeners } from "../../delivery/listeners/calls.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { Destination } from "../../model/destination.ts";
import { type ConfigWrites, writeConfig } from "../../storage/config/document.ts";
import { differences } from "../audit/marks.ts";
import { auditEntry } from "../audit/record.ts";
import type { ApiRequest } from "../request.ts";
import type { Change } from "./changes.ts";
import type { KindPlan, Plan, Step } from "./plan.ts";

type Things = Parameters<typeof auditEntry>[2];

function actionOf({ before, after }: Step<unknown>): Change["action"] {
  if (before === null) return "create";
  return after === null ? "delete" : "update";
}

const VERBS = { create: "created", update: "updated", delete: "deleted" } as const satisfies Record<
  Change["action"],
  string
>;

function changesOf<T>({ kind, steps }: KindPlan<T>): readonly Change[] {
  return steps.map((step) => ({ action: actionOf(step), kind, name: step.key, fields: [...step.fields] }));
}

/** The changes of a plan, as answers show them. */
export function changesIn({ integrations, destinations, routes, transformations }: Plan): Change[] {
  return [...changesOf(integrations), ...changesOf(destinations), ...changesOf(routes), ...changesOf(transformations)];
}

/** The secrets that a plan generates, by name. */
export function generatedIn({ integrations, destinations }: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries([...integrations.generated, ...destinations.generated]);
}

/** The entries of the audit trail: one for each change, and one that names the caller. */
function recordsOf(request: ApiRequest, plan: Plan, changes: readonly Change[]): readonly AuditEntry[] {
  const { context } = request;
  const byConfig = { context, actor: "config" };
  const ofKind = <T extends Things & object>({ kind, steps }: KindPlan<T>): readonly AuditEntry[] =>
    steps.flatMap((step) => {
      const { before, after } = step;
      const target = after ?? before;
      const changed = differences(before, after);
      if (target === null || changed === null) return [];
      return [auditEntry(byConfig, `${kind}.${VERBS[actionOf(step)]}`, target, changed)];
    });
  const count = (action: Change["action"]): number => changes.filter((each) => each.action === action).length;
  const counts = { created: count("create"), updated: count("update"), deleted: count("delete") };
  const applied = auditEntry(request, "config.applied", { id: "config", name: null }, { before: null, after: counts });
  return [
    ...ofKind(plan.integrations),
    ...ofKind(plan.destinations),
    ...ofKind(plan.routes),
    ...ofKind(plan.transformations),
    applied,
  ];
}

function rowsOf<T>({ steps, adopted }: KindPlan<T>): readonly T[] {
  return [...steps.flatMap(({ after }) => (after === null ? [] : [after])), ...adopted];
}

function deletedIn<T extends { readonly id: string }>({ steps }: KindPlan<T>): readonly string[] {
  return steps.flatMap(({ before, after }) => (after === null && before !== null ? [before.id] : []));
}

function isDifferent(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

type Moved = { readonly before: Destination; readonly after: Destination };

/** Destinations that exist before and after. */
function keptIn({ steps }: KindPlan<Destination>): readonly Moved[] {
  return steps.flatMap(({ before, after }) => (before === null || after === null ? [] : [{ before, after }]));
}

function targetChanged({ before, after }: Moved): boolean {
  return before.url !== after.url || isDifferent(before.options, after.options);
}

/** What changes of destinations mean for their deliveries, as with single changes. */
function pendingChangesOf(plan: KindPlan<Destination>) {
  return [
    ...deletedIn(plan).map((destination_id) => ({ destination_id, kind: "cancel_deleted" as const })),
    ...keptIn(plan).flatMap(({ before, after }) => {
      const { id: destination_id } = before;
      return [
        ...(isDifferent(before.rate_limit, after.rate_limit)
          ? [{ destination_id, kind: "release_slots" as const }]
          : []),
        ...(before.enabled && !after.enabled ? [{ destination_id, kind: "cancel_disabled" as const }] : []),
      ];
    }),
  ];
}

/**
 * Applies a plan in one transaction, if the configuration still has the revision that it was planned for. Returns whether it
 * had. A plan that changes nothing writes nothing.
 */
export async function applyPlan(request: ApiRequest, plan: Plan, revision: number): Promise<boolean> {
  const { context } = request;
  const { integrations, destinations, routes, transformations } = plan;
  const changes = changesIn(plan);
  const kept = keptIn(destinations);
  const writes: ConfigWrites = {
    integrations: rowsOf(integrations),
    destinations: rowsOf(destinations),
    routes: rowsOf(routes),
    transformations: rowsOf(transformations),
    deleted: {
      integrations: deletedIn(integrations),
      destinations: deletedIn(destinations),
      routes: deletedIn(routes),
      transformations: deletedIn(transformations),
    },
    at: new Date(context.clock()).toISOString(),
    disconnected: kept
      .filter(({ before, after }) => before.url !== after.url || isDifferent(before.auth, after.auth))
      .map(({ before }) => before.id),
    recovered: kept
      .filter((each) => targetChanged(each) || (each.after.enabled && !each.before.enabled))
      .map(({ before }) => before.id),
    records: changes.length === 0 ? [] : recordsOf(request, plan, changes),
  };
  if (!(await writeConfig(context.primary, revision, writes))) return false;
  context.caches.config.forget();
  for (const { before } of integrations.steps) if (before !== null) context.caches.integrations.forget(before.id);
  for (const id of writes.recovered) context.caches.health.learn(id, undefined);
  await leavePendingChanges(context, pendingChangesOf(destinations));
  await forgetListeners(
    context.env,
    destinations.steps.flatMap(({ before, after }) => (after === null && before !== null ? [before] : [])),
  );
  return true;
}

/** Whether a plan writes anything. */
export function isEmpty({ integrations, destinations, routes, transformations }: Plan): boolean {
  return [integrations, destinations, routes, transformations].every(
    ({ steps, adopted }) => steps.length + adopted.length === 0,
  );
}

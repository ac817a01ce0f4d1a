import type { AuditAction, AuditEntry, AuditKind } from "../../model/audit.ts";
import { AUDIT_KINDS } from "../../model/audit.ts";
import { insertAudit, insertAuditIfChanged } from "../../storage/config/audit.ts";
import { type Statement, runInTransaction } from "../../storage/config/revision.ts";
import type { ApiRequest } from "../request.ts";
import { type Differences, differences } from "./marks.ts";

// An endpoint that changes something leaves an entry in the audit trail: `recordChange` in the transaction of a change of the
// primary, `recordAction` before an action in a shard.

/** A thing as it is stored. */
export type Recorded = { readonly id: string; readonly name?: string; readonly [field: string]: unknown };

type Caller = Pick<ApiRequest, "context" | "actor">;

function kindOf(action: AuditAction): AuditKind {
  const kind = AUDIT_KINDS.find((known) => action.startsWith(`${known}.`));
  if (kind === undefined) throw new Error(`${action} is not about a known kind of thing.`);
  return kind;
}

/** An entry of the audit trail about a thing. */
export function auditEntry(
  { context, actor }: Caller,
  action: AuditAction,
  { id: target_id, name: target_name = null }: Recorded | { readonly id: string; readonly name: string | null },
  changed: Differences,
): AuditEntry {
  const { id, at_ms } = context.mint("aud");
  return {
    id,
    at: new Date(at_ms).toISOString(),
    actor,
    action,
    kind: kindOf(action),
    target_id,
    target_name,
    ...changed,
  };
}

/**
 * Returns the statements that record a change of a thing from one stored state to another; null for a thing that does not
 * exist. They must follow the statement that makes the change, and record nothing if that changes no row.
 */
export function recordChange(
  caller: Caller,
  action: AuditAction,
  before: Recorded | null,
  after: Recorded | null,
): readonly Statement[] {
  const changed = differences(before, after);
  const target = after ?? before;
  if (changed === null || target === null) return [];
  return [insertAuditIfChanged(caller.context.primary, auditEntry(caller, action, target, changed))];
}

/** Records an action that changes no configuration, before it is taken. `details` must not contain secrets. */
export async function recordAction(
  caller: Caller,
  action: AuditAction,
  target: Recorded,
  details: object | null = null,
): Promise<void> {
  const entry = auditEntry(caller, action, target, differences(null, details) ?? { before: null, after: null });
  await runInTransaction(caller.context.primary, [insertAudit(caller.context.primary, entry)]);
}

/** A stored thing with the fields of a change in place of its own. Undefined leaves a field as it is. */
export function withChanges<Stored extends Recorded>(stored: Stored, changes: object): Stored {
  return { ...stored, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}

import { AUDIT_KINDS, type AuditAction, type AuditEntry } from "../../model/audit.ts";
import { lowestIdAt } from "../../model/ids.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, fromColumnOrNull, oneOf, text, textOrNull } from "../rows.ts";
import { ABOVE_ALL_IDS, type PageQuery, upsertRows } from "../tables.ts";

const COLUMNS = ["id", "at", "actor", "action", "kind", "target_id", "target_name", "before", "after"] as const;

/** The most rows that a page reads to find those that match its filter. */
const MAX_SCANNED_ROWS = 2_000;

function cellsOf(entry: AuditEntry): readonly (string | null)[] {
  return COLUMNS.map((column) => {
    const value = entry[column];
    return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  });
}

const INSERT = `INSERT INTO audit (${COLUMNS.join(", ")}) `;
const PARAMETERS = COLUMNS.map((_, index) => `?${index + 1}`).join(", ");

/** Returns the statement that records an entry. */
export function insertAudit(db: PrimaryDatabase, entry: AuditEntry): D1PreparedStatement {
  return db.prepare(`${INSERT} VALUES (${PARAMETERS})`).bind(...cellsOf(entry));
}

/** Returns the statement that records an entry, if the statement before it in the transaction changed a row. */
export function insertAuditIfChanged(db: PrimaryDatabase, entry: AuditEntry): D1PreparedStatement {
  return db.prepare(`${INSERT} SELECT ${PARAMETERS} WHERE changes() > 0`).bind(...cellsOf(entry));
}

/** Returns the statements that record many entries. */
export function insertAudits(db: PrimaryDatabase, entries: readonly AuditEntry[]): readonly D1PreparedStatement[] {
  return upsertRows(db, "audit", COLUMNS, entries);
}

function isAction(action: string): action is AuditAction {
  return action.includes(".");
}

function parseEntry(row: Row): AuditEntry {
  const action = text(row, "action");
  if (!isAction(action)) throw new Error("Column action does not hold an action.");
  return {
    id: text(row, "id"),
    at: text(row, "at"),
    actor: text(row, "actor"),
    action,
    kind: oneOf(row, "kind", AUDIT_KINDS),
    target_id: text(row, "target_id"),
    target_name: textOrNull(row, "target_name"),
    before: fromColumnOrNull(row, "before"),
    after: fromColumnOrNull(row, "after"),
  };
}

/** What a list of the audit trail is limited to. Times are ISO 8601; both ends are inclusive. */
export type AuditFilter = {
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  /** Entries about one of these. */
  readonly target_ids?: readonly string[] | undefined;
  readonly action?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** A page of the audit trail. `next` is the id below which the next page continues, or null at the end. */
export type AuditPage = { readonly rows: readonly AuditEntry[]; readonly next: string | null };

const SCAN = `FROM audit WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ${MAX_SCANNED_ROWS}`;
const MATCHING = `
  SELECT * FROM (SELECT * ${SCAN})
  WHERE (?3 IS NULL OR actor = ?3) AND (?4 IS NULL OR kind = ?4) AND (?5 IS NULL OR target_id IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR action = ?6)
  ORDER BY id DESC LIMIT ?7`;
const SCANNED = `SELECT count(*) AS count, min(id) AS last FROM (SELECT id ${SCAN})`;

function lowestAt(timeMs: number): string {
  return lowestIdAt("aud", Math.max(0, timeMs));
}

/** Returns entries, newest first. It reads a bounded number of rows, so a page may be short and not the last. */
export async function listAudit(db: PrimaryDatabase, page: PageQuery, filter: AuditFilter): Promise<AuditPage> {
  const before = page.before ?? ABOVE_ALL_IDS;
  // An id has the millisecond of its entry, so that those of `to` are below the next one.
  const until = filter.to === undefined ? before : lowestAt(Date.parse(filter.to) + 1);
  const range = [until < before ? until : before, filter.from === undefined ? "" : lowestAt(Date.parse(filter.from))];
  const { actor = null, kind = null, action = null } = filter;
  const target_ids = filter.target_ids === undefined ? null : JSON.stringify(filter.target_ids);
  const [matching, scanned] = await db.batch<Row>([
    db.prepare(MATCHING).bind(...range, actor, kind, target_ids, action, page.limit + 1),
    db.prepare(SCANNED).bind(...range),
  ]);
  const rows = (matching?.results ?? []).map(parseEntry);
  if (rows.length > page.limit) return { rows: rows.slice(0, page.limit), next: rows[page.limit - 1]?.id ?? null };
  const [extent] = scanned?.results ?? [];
  const isCut = extent !== undefined && Number(extent["count"]) === MAX_SCANNED_ROWS;
  return { rows, next: isCut ? text(extent, "last") : null };
}

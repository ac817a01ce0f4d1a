import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { RowForm } from "../events/log.ts";
import { type Row, integer } from "../rows.ts";

/** A prepared statement, for code outside src/storage that passes it on to a transaction. */
export type Statement = D1PreparedStatement;

/** Returns the revision of the config. Every change increments it. */
export async function readRevision(db: PrimaryDatabase): Promise<number> {
  return parseRevision(await db.prepare("SELECT revision FROM config_revision WHERE id = 1").first<Row>());
}

/**
 * The revision, until when somebody may look at the dashboard, and from when on events are written in the short form and alerts with
 * one event without a row; in ms since 1970.
 */
export type ConfigState = {
  readonly revision: number;
  readonly watched_until: number;
  readonly short_rows_from: number;
  readonly lone_alerts_from: number;
};

/** Returns the form in which rows of events are written at a time, in ms since 1970. */
export function rowFormAt({ short_rows_from }: Pick<ConfigState, "short_rows_from">, nowMs: number): RowForm {
  return nowMs >= short_rows_from ? "short" : "full";
}

/** Reads the row whole: a database that lacks a column yet has nobody who looks, and full rows. */
export const SELECT_STATE = "SELECT * FROM config_revision WHERE id = 1";

const NEVER = Number.POSITIVE_INFINITY;

export function parseState(row: Row | null): ConfigState {
  const revision = parseRevision(row);
  return {
    revision,
    watched_until: row?.["watched_until"] === undefined ? 0 : integer(row, "watched_until"),
    short_rows_from: row?.["short_rows_from"] === undefined ? NEVER : integer(row, "short_rows_from"),
    lone_alerts_from: row?.["lone_alerts_from"] === undefined ? NEVER : integer(row, "lone_alerts_from"),
  };
}

/** Returns the state of the config. */
export async function readState(db: PrimaryDatabase): Promise<ConfigState> {
  return parseState(await db.prepare(SELECT_STATE).first<Row>());
}

/** Stores until when somebody may look at the dashboard, in ms since 1970. */
export async function storeWatchedUntil(db: PrimaryDatabase, watchedUntil: number): Promise<void> {
  await db.prepare("UPDATE config_revision SET watched_until = ?1 WHERE id = 1").bind(watchedUntil).run();
}

export function parseRevision(row: Row | null): number {
  if (row === null) throw new Error("The table config_revision holds no row.");
  return integer(row, "revision");
}

/** Runs statements in one transaction. */
export async function runInTransaction(db: PrimaryDatabase, statements: readonly D1PreparedStatement[]): Promise<void> {
  await db.batch([...statements]);
}

/** Runs statements that change the config and increments its revision, in one transaction. Returns their results. */
export async function changeConfig(
  db: PrimaryDatabase,
  statements: readonly D1PreparedStatement[],
): Promise<readonly D1Result<Row>[]> {
  const increment = db.prepare("UPDATE config_revision SET revision = revision + 1 WHERE id = 1");
  const results = await db.batch<Row>([...statements, increment]);
  return results.slice(0, statements.length);
}

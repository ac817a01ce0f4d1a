import { timeOf } from "../../model/ids.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";
import { WATERMARK } from "./rollups.ts";

const HAS_LOG = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'";

/** Returns the names of the migrations that wrangler or `npm start` has applied to a database. */
export async function readAppliedMigrations(db: ShardDatabase): Promise<ReadonlySet<string>> {
  if ((await db.prepare(HAS_LOG).first()) === null) return new Set();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all<Row>();
  return new Set(results.map((row) => text(row, "name")));
}

/** Returns through which time (ms since 1970) maintenance has counted the events of a shard, or null if it never ran. */
export async function readCountedThrough(db: ShardDatabase): Promise<number | null> {
  const row = await db.prepare(`SELECT ${WATERMARK} AS id`).first<Row>();
  const id = row === null ? null : textOrNull(row, "id");
  return id === null || id === "" ? null : timeOf(id);
}

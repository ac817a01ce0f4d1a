import type { ApiToken } from "../../model/token.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";
import { insertRow } from "../tables.ts";
import { parseToken } from "./tokens.ts";

/** A token has at most this many sessions. A further one ends the oldest. */
const MAX_SESSIONS_PER_TOKEN = 100;

/** The key of a session: its token's id, and the keyed hash of its secret. */
export type SessionKey = { readonly token_id: string; readonly hash: string };

export type StoredSession = SessionKey & {
  /** The keyed hash of the `ADMIN_TOKEN` that the session began with; null for an API token. */
  readonly admin_hash: string | null;
  readonly created_at: string;
  readonly used_at: string;
};

const COLUMNS = ["token_id", "hash", "admin_hash", "created_at", "used_at"] as const;

/** Inserts a session, and deletes the ones that were last used at `endedBefore` or earlier, and the token's oldest ones. */
export async function insertSession(db: PrimaryDatabase, session: StoredSession, endedBefore: string): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM sessions WHERE used_at <= ?").bind(endedBefore),
    insertRow(db, "sessions", COLUMNS, session),
    db
      .prepare(
        `DELETE FROM sessions WHERE token_id = ?1 AND hash NOT IN (
           SELECT hash FROM sessions WHERE token_id = ?1 ORDER BY created_at DESC, hash LIMIT ${MAX_SESSIONS_PER_TOKEN})`,
      )
      .bind(session.token_id),
  ]);
}

/** A session with its API token as it is now; `token` is null if there is none, or for `ADMIN_TOKEN`. */
export type SessionWithToken = { readonly session: StoredSession; readonly token: ApiToken | null };

/** Returns the session with this key, expired or not, or null if there is none. */
export async function findSession(
  db: PrimaryDatabase,
  { token_id, hash }: SessionKey,
): Promise<SessionWithToken | null> {
  const [sessions, tokens] = await db.batch<Row>([
    db.prepare("SELECT * FROM sessions WHERE token_id = ?1 AND hash = ?2").bind(token_id, hash),
    db.prepare("SELECT * FROM tokens WHERE id = ?1").bind(token_id),
  ]);
  const row = sessions?.results[0];
  if (row === undefined) return null;
  const token = tokens?.results[0];
  return {
    session: {
      token_id: text(row, "token_id"),
      hash: text(row, "hash"),
      admin_hash: textOrNull(row, "admin_hash"),
      created_at: text(row, "created_at"),
      used_at: text(row, "used_at"),
    },
    token: token === undefined ? null : parseToken(token),
  };
}

/** Records a use of a session. A session that has ended stays ended. */
export async function touchSession(db: PrimaryDatabase, { token_id, hash }: SessionKey, usedAt: string): Promise<void> {
  await db
    .prepare("UPDATE sessions SET used_at = ?3 WHERE token_id = ?1 AND hash = ?2 AND used_at < ?3")
    .bind(token_id, hash, usedAt)
    .run();
}

export async function deleteSession(db: PrimaryDatabase, { token_id, hash }: SessionKey): Promise<void> {
  await db.prepare("DELETE FROM sessions WHERE token_id = ?1 AND hash = ?2").bind(token_id, hash).run();
}

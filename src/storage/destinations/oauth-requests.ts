import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";

/** An authorization that waits for its callback. `expires_at` is in ms since 1970. */
export type AuthorizationRequest = {
  readonly state_hash: string;
  readonly destination_id: string;
  readonly sealed: string;
  readonly expires_at: number;
};

/** Returns the statements that insert a request and delete expired ones. */
export function insertAuthorizationRequest(
  db: PrimaryDatabase,
  request: AuthorizationRequest,
  now_ms: number,
): readonly D1PreparedStatement[] {
  return [
    db.prepare("DELETE FROM oauth_requests WHERE expires_at <= ?").bind(now_ms),
    db
      .prepare("INSERT INTO oauth_requests (state_hash, destination_id, sealed, expires_at) VALUES (?1, ?2, ?3, ?4)")
      .bind(request.state_hash, request.destination_id, request.sealed, request.expires_at),
  ];
}

/** Returns a request, or null if there is none. */
export async function findAuthorizationRequest(
  db: PrimaryDatabase,
  stateHash: string,
): Promise<AuthorizationRequest | null> {
  const row = await db.prepare("SELECT * FROM oauth_requests WHERE state_hash = ?").bind(stateHash).first<Row>();
  if (row === null) return null;
  return {
    state_hash: text(row, "state_hash"),
    destination_id: text(row, "destination_id"),
    sealed: text(row, "sealed"),
    expires_at: integer(row, "expires_at"),
  };
}

/** Deletes a request, so that it is used once. Returns false if there is none: another callback has used it. */
export async function takeAuthorizationRequest(db: PrimaryDatabase, stateHash: string): Promise<boolean> {
  const { meta } = await db.prepare("DELETE FROM oauth_requests WHERE state_hash = ?").bind(stateHash).run();
  return meta.changes > 0;
}

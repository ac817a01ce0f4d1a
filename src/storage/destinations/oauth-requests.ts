import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";

/** An authorization that was begun and waits for its callback. `expires_at` is in ms. */
export type AuthorizationRequest = {
  readonly state_hash: string;
  readonly destination_id: string;
  readonly sealed: string;
  readonly expires_at: number;
};

/** The statements that keep a request, and forget those that ran out. */
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

/** Takes a request off the record, so that nobody else finds it; null where there is none. */
export async function takeAuthorizationRequest(
  db: PrimaryDatabase,
  stateHash: string,
): Promise<AuthorizationRequest | null> {
  const row = await db
    .prepare("DELETE FROM oauth_requests WHERE state_hash = ? RETURNING *")
    .bind(stateHash)
    .first<Row>();
  if (row === null) return null;
  return {
    state_hash: text(row, "state_hash"),
    destination_id: text(row, "destination_id"),
    sealed: text(row, "sealed"),
    expires_at: integer(row, "expires_at"),
  };
}

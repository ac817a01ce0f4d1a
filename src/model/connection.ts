import type { Scope } from "./token.ts";

// The WebSockets of commands that listen and of dashboards that are open.

/** The text that a client sends to show that it is there, and the answer of the platform, which wakes no object. */
export const LISTEN_PING = "ping";
export const LISTEN_PONG = "pong";
export const LISTEN_PING_MS = 20_000;

/** Codes with which the gateway closes a WebSocket. */
export const LISTEN_CLOSE = {
  replaced: 4001,
  ended: 4003,
  deleted: 4004,
  silent: 4008,
  invalid: 4009,
  renew: 4010,
} as const;

/** The text that says that something has changed. It holds nothing, so the receiver reads what concerns it. */
export const LISTEN_CHANGED = '{"type":"changed"}';

/** What allows a connection. The object looks now and then whether it still does. */
export type ConnectionGrant = {
  /** The API token of the connection or of its session; null for `ADMIN_TOKEN` and Access. */
  readonly token_id: string | null;
  readonly session: { readonly token_id: string; readonly hash: string } | null;
  readonly scope: Scope;
  /** When the token ends, in ms since 1970; null if it does not. */
  readonly ends_at: number | null;
  /** When the connection must be opened again, in ms since 1970; null for never. */
  readonly renew_at: number | null;
};

import type { Context } from "../context.ts";
import type { ApiToken, Scope } from "../model/token.ts";
import type { Problem } from "../net/problem.ts";
import type { Statement } from "../storage/config/revision.ts";
import type { StoredSession } from "../storage/config/sessions.ts";

/**
 * Identifies the holder of a request's credentials: `admin` for `ADMIN_TOKEN`, else the id of an API token; `access:` and the
 * email for a user of Cloudflare Access; `anonymous` at an endpoint that needs no token.
 */
export type Actor = string;

/** A request's credentials, and what they allow. */
export type Caller = {
  readonly actor: Actor;
  readonly scopes: readonly Scope[];
  /** The API token of the request or of its session; null for `ADMIN_TOKEN` and Access. */
  readonly token: ApiToken | null;
  /** The session that the request's cookie names; null for a request with a token. */
  readonly session: StoredSession | null;
};

/** The part of a request that is the same for all endpoints. */
export type ApiRequest = {
  readonly context: Context;
  readonly actor: Actor;
  readonly caller: Caller;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
};

/** Makes the change that a response reports, in one transaction with the given statements. */
export type Commit = (alongside: readonly Statement[]) => Promise<void>;

export type ApiResponse = {
  readonly status: number;
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly commit?: Commit;
  /** The alert, or else the event, whose content the body has; SHOWS_MANY for several. An erasure forgets the stored response. */
  readonly shows?: string;
  /** The WebSocket that a response with the status 101 hands over. */
  readonly web_socket?: WebSocket;
};
/** What a handler returns instead of a declared answer. */
export type Refusal = { readonly ok: false; readonly error: Problem };
export type Outcome = ApiResponse | Refusal;

import { unsealStored } from "../../crypto/key-ring.ts";
import type { Destination } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import type { TokenFault } from "../../oauth/acquire.ts";
import { usesOAuth } from "../../oauth/stored-token.ts";
import type { Context } from "../../context.ts";

const UNOPENED = "The credentials cannot be opened. Enter them again.";

export type Headers = Readonly<Record<string, string>>;

function refuse(message: string): { readonly ok: false; readonly error: TokenFault } {
  return fail({ message, is_held: false });
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

/** Returns the destination's own headers whose values are secrets, opened. */
async function secretHeaders({ keys }: Context, { id, sealed_headers }: Destination): Promise<Result<Headers, string>> {
  const opened: Record<string, string> = {};
  for (const [name, sealed] of Object.entries(sealed_headers)) {
    const value = await unsealStored(keys, sealed, id);
    if (!value.ok) return fail(UNOPENED);
    opened[name] = value.value;
  }
  return ok(opened);
}

/** Returns the header of `auth`. Fetching a token takes at most `limitMs`; `rejected` is a token that must not be returned. */
async function authHeader(
  context: Context,
  destination: Destination,
  rejected: string | null,
  limitMs: number,
): Promise<Result<Headers, TokenFault>> {
  const { keys, primary, clock, caches } = context;
  const { id, auth } = destination;
  switch (auth.type) {
    case "none":
      return ok({});
    case "aws_sigv4":
      // Its signature covers the request, which is not complete yet.
      return ok({});
    case "basic": {
      const password = await unsealStored(keys, auth.sealed_password, id);
      if (!password.ok) return refuse(UNOPENED);
      const pair = new TextEncoder().encode(`${auth.username}:${password.value}`).toBase64();
      return ok({ authorization: `Basic ${pair}` });
    }
    case "bearer": {
      const token = await unsealStored(keys, auth.sealed_token, id);
      return token.ok ? ok(bearer(token.value)) : refuse(UNOPENED);
    }
    case "oauth2_client_credentials":
    case "oauth2_authorization_code": {
      if (!usesOAuth(destination)) return ok({});
      const token = await caches.access_tokens.find({
        db: primary,
        destination,
        rejected,
        now: clock,
        timeout_ms: limitMs,
      });
      return token.ok ? ok(bearer(token.value)) : token;
    }
  }
}

/**
 * Returns the headers that authenticate the gateway at a destination. The error says why there are none, for the log. Throws a
 * KeysUnavailableError if the gateway cannot use its keys.
 */
export async function authorizationHeaders(
  context: Context,
  destination: Destination,
): Promise<Result<Headers, TokenFault>> {
  const secrets = await secretHeaders(context, destination);
  if (!secrets.ok) return refuse(secrets.error);
  const header = await authHeader(context, destination, null, destination.timeout_ms);
  return header.ok ? ok({ ...secrets.value, ...header.value }) : header;
}

/** Returns the headers with a new token in place of one that the destination refused; null if no other can be fetched. */
export async function renewedHeaders(
  context: Context,
  destination: Destination,
  refused: Headers,
  limitMs: number,
): Promise<Result<Headers, TokenFault> | null> {
  if (!usesOAuth(destination)) return null;
  const rejected = refused["authorization"]?.slice("Bearer ".length) ?? null;
  const header = await authHeader(context, destination, rejected, limitMs);
  return header.ok ? ok({ ...refused, ...header.value }) : header;
}

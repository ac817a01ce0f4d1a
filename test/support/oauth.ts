import { contextOf, type Context } from "../../src/context.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { Attempted } from "../../src/delivery/attempts/attempt.ts";
import type { Destination } from "../../src/model/destination.ts";
import { createAccessTokens } from "../../src/oauth/access-tokens.ts";
import { findDestination } from "../../src/storage/destinations/destinations.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, createDestination, unchecked } from "./api.ts";
import { attemptWith } from "./attempts.ts";
import { createWorld } from "./world.ts";
import { tables } from "./tables.ts";

export const RECEIVER = "https://receiver.example.com/in";
export const TOKEN_URL = "https://login.example.com/token";
export const AUTH_URL = "https://login.example.com/authorize";
export const CALLBACK = "https://gate.example.net/oauth/callback";
export const CLIENT_SECRET = "cl1ent-s3cret&:/";

export const CLIENT_CREDENTIALS = {
  type: "oauth2_client_credentials",
  token_url: TOKEN_URL,
  client_id: "hook gate",
  client_secret: CLIENT_SECRET,
  scope: "hooks:write extra",
};
export const BY_CODE = { ...CLIENT_CREDENTIALS, type: "oauth2_authorization_code", auth_url: AUTH_URL };

export type Form = Readonly<Record<string, string>>;
export type TokenCall = { readonly form: Form; readonly headers: Headers; readonly init: RequestInit };

/** An authorization server and a receiver behind `fetch`. A refresh token is good once; a code too, with its verifier. */
export type Outside = {
  readonly tokenCalls: TokenCall[];
  /** The `authorization` headers that the receiver saw. */
  readonly received: (string | null)[];
  /** Tokens that the receiver takes; null for all. */
  accepted: ReadonlySet<string> | null;
  /** What the token endpoint answers in place of a token. */
  answer: ((call: TokenCall) => Response | Promise<Response>) | null;
  /** Members of the token's answer beside the token, or in place of its own. */
  members: object;
  readonly elsewhere: string[];
};

export function oauthOutside(): Outside {
  const good = new Set<string>();
  let count = 0;
  const outside: Outside = {
    tokenCalls: [],
    received: [],
    accepted: null,
    answer: null,
    members: { expires_in: 3600 },
    elsewhere: [],
  };

  async function token(call: TokenCall): Promise<Response> {
    outside.tokenCalls.push(call);
    if (outside.answer !== null) return await outside.answer(call);
    const { grant_type, refresh_token } = call.form;
    if (grant_type === "refresh_token" && !good.delete(refresh_token ?? "")) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    count += 1;
    good.add(`refresh-${count}`);
    const refresh = grant_type === "client_credentials" ? {} : { refresh_token: `refresh-${count}` };
    return Response.json({ access_token: `token-${count}`, token_type: "Bearer", ...refresh, ...outside.members });
  }

  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (request.url === TOKEN_URL) {
      const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())));
      return await token({ form, headers: request.headers, init: init ?? {} });
    }
    if (request.url !== RECEIVER) {
      outside.elsewhere.push(request.url);
      return new Response("nobody home", { status: 404 });
    }
    const authorization = request.headers.get("authorization");
    outside.received.push(authorization);
    const given = (authorization ?? "").replace("Bearer ", "");
    const isAccepted = outside.accepted === null || outside.accepted.has(given);
    return new Response(isAccepted ? "ok" : "who are you?", { status: isAccepted ? 200 : 401 });
  });
  return outside;
}

export async function oauthDestination(auth: object = CLIENT_CREDENTIALS, more: object = {}): Promise<string> {
  return (await createDestination({ url: RECEIVER, auth: unchecked(auth), ...more })).id;
}

export async function destinationOf(id: string): Promise<Destination> {
  const destination = await findDestination(asPrimary(env.DB), id);
  if (destination === null) throw new Error("no destination");
  return destination;
}

/** Context of another isolate: it shares nothing with this one but the database. */
export function elsewhere(changes: Partial<Context["settings"]> = {}): Context {
  const { context } = createWorld();
  const settings = { ...context.settings, ...changes };
  const access_tokens = createAccessTokens(context.keys, settings);
  return { ...context, settings, caches: { ...context.caches, access_tokens } };
}

/** One attempt of a delivery to a destination, as it is on record now. */
export async function attemptTo(
  id: string,
  context: Context = createWorld().context,
  known?: Destination,
): Promise<Attempted["attempt"]> {
  return (await attemptWith(known ?? (await destinationOf(id)), { context })).attempt;
}

/** The row of a destination's token; null if there is none. */
export async function tokenRow(id: string): Promise<Readonly<Record<string, unknown>> | null> {
  return await tables.oauth_tokens.first({ destination_id: id });
}

/** Puts a token on record, as an authorization would have. */
export async function storeToken(
  id: string,
  token: { readonly access_token: string; readonly refresh_token: string | null; readonly use_until: number | null },
): Promise<void> {
  const sealed = await contextOf(env).keys.seal(JSON.stringify(token), id);
  await tables.oauth_tokens.delete({ destination_id: id });
  const renewable = token.refresh_token !== null;
  await tables.oauth_tokens.insert({ destination_id: id, sealed, expires_at: token.use_until, renewable });
}

/** Presses the "Get Token" button: answers where to consent. */
export async function begin(id: string): Promise<URL> {
  return new URL(unwrap(await client.destinations.authorize(id)).authorization_url);
}

/** The browser comes back to the gateway. */
export async function comeBack(
  parameters: Readonly<Record<string, string>>,
  init: RequestInit = {},
): Promise<Response> {
  const headers = { accept: "text/html" };
  return await exports.default.fetch(`${CALLBACK}?${new URLSearchParams(parameters).toString()}`, { headers, ...init });
}

/** A destination that somebody has consented to. */
export async function authorized(auth: object = BY_CODE): Promise<string> {
  const id = await oauthDestination(auth);
  const state = (await begin(id)).searchParams.get("state") ?? "";
  const response = await comeBack({ state, code: "c0de" });
  if (response.status !== 200) throw new Error(await response.text());
  return id;
}

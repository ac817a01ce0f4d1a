import * as oauth from "oauth4webapi";
import { GATEWAY_HEADER } from "../net/gateway-header.ts";
import { outboundFetch } from "../net/outbound-fetch.ts";
import { type AllowedUrl, checkUrl } from "../net/url-guard.ts";
import type { OAuth } from "../model/destination.ts";
import { isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";

const MAX_RESPONSE_BYTES = 65_536;
/** What a header can carry: no white space, no control characters. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
/** Only codes of this shape are shown, for an endpoint could answer with anything, a secret too. */
const ERROR_CODE = /^[a-z][a-z_]{0,40}$/;
/** The parts of an answer that count. Others are not looked at: an id_token, say, could not be verified here. */
const MEMBERS = ["access_token", "token_type", "expires_in", "refresh_token", "error"] as const;

/** What a token is asked for with. */
export type Grant =
  | { readonly type: "client_credentials" }
  | { readonly type: "refresh_token"; readonly refresh_token: string }
  | {
      readonly type: "authorization_code";
      readonly code: string;
      readonly code_verifier: string;
      readonly redirect_uri: string;
    };

export type TokenRequest = {
  readonly auth: OAuth;
  /** Null for a public client. */
  readonly client_secret: string | null;
  readonly grant: Grant;
  readonly timeout_ms: number;
  readonly allow_private: boolean;
  readonly own_hosts: readonly string[];
  /** By which the gateway knows the request if it comes back to it: an endpoint that is one of its own would make events of it. */
  readonly gateway_id: string;
};

export type Granted = {
  readonly access_token: string;
  readonly refresh_token: string | null;
  /** How long it is good, in seconds; null where the server did not say. */
  readonly expires_in: number | null;
};

/** Why there is no token, in our words. `is_final`: what was asked with is good for nothing any more. */
export type TokenError = { readonly message: string; readonly is_final: boolean };

/** Thrown through the library, which calls our transport and knows no other way. */
class Unanswered extends Error {}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}

/** The answer as the specification has it, made of what servers answer: nulls, error codes under 200, no token type. */
function conform(status: number, json: Readonly<Record<string, unknown>>): Response {
  const kept = MEMBERS.flatMap((name) => {
    const value = json[name];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  const body: Record<string, unknown> = Object.fromEntries(kept);
  const isError = typeof body["error"] === "string" && body["access_token"] === undefined;
  if (!isError) body["token_type"] ??= "bearer";
  return Response.json(body, { status: status === 200 && isError ? 400 : status });
}

type Post = oauth.CustomFetchOptions<"POST", URLSearchParams>;

/** Sends one request of the library. Throws Unanswered for every response that is no JSON object. */
async function post(url: AllowedUrl, { method, body, headers }: Post, request: TokenRequest): Promise<Response> {
  const result = await outboundFetch({
    url,
    method,
    body,
    headers: { ...headers, [GATEWAY_HEADER]: request.gateway_id },
    timeout_ms: request.timeout_ms,
    max_response_bytes: MAX_RESPONSE_BYTES + 1,
  });
  if (result.kind === "timed_out") throw new Unanswered("did not answer in time");
  if (result.kind === "failed") throw new Unanswered("could not be reached");
  const { status } = result;
  if (status >= 300 && status < 400) throw new Unanswered("answered with a redirect, which is never followed");
  if (!result.body.ok) throw new Unanswered("broke off its answer");
  const bytes = result.body.value ?? new Uint8Array(0);
  if (bytes.byteLength > MAX_RESPONSE_BYTES) throw new Unanswered(`answered ${status} with more than 64 KB`);
  const json = parseObject(bytes);
  if (json !== null) return conform(status, json);
  throw new Unanswered(status === 200 ? "did not answer with a JSON object" : `answered ${status}`);
}

function clientAuthOf({ client_auth }: OAuth, secret: string | null): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  switch (client_auth) {
    case "basic":
      return oauth.ClientSecretBasic(secret);
    case "post":
      return oauth.ClientSecretPost(secret);
  }
}

async function exchange(url: AllowedUrl, request: TokenRequest): Promise<oauth.TokenEndpointResponse> {
  const { auth, client_secret, grant, allow_private } = request;
  const server: oauth.AuthorizationServer = { issuer: auth.token_url, token_endpoint: auth.token_url };
  const client: oauth.Client = { client_id: auth.client_id };
  const clientAuth = clientAuthOf(auth, client_secret);
  const options = {
    [oauth.customFetch]: (_url: string, given: Post) => post(url, given, request),
    // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out; http is for development only, as everywhere
    [oauth.allowInsecureRequests]: allow_private,
  };
  switch (grant.type) {
    case "client_credentials": {
      const parameters = auth.scope === null ? {} : { scope: auth.scope };
      const response = await oauth.clientCredentialsGrantRequest(server, client, clientAuth, parameters, options);
      return await oauth.processClientCredentialsResponse(server, client, response);
    }
    case "refresh_token": {
      const { refresh_token } = grant;
      const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refresh_token, options);
      return await oauth.processRefreshTokenResponse(server, client, response);
    }
    case "authorization_code": {
      const { code, redirect_uri, code_verifier } = grant;
      // Only the code: `iss` means nothing where the server's metadata is not known, and `state` was checked by us.
      const answer = oauth.validateAuthResponse(server, client, new URLSearchParams({ code }), oauth.expectNoState);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        clientAuth,
        answer,
        redirect_uri,
        code_verifier,
        options,
      );
      return await oauth.processAuthorizationCodeResponse(server, client, response);
    }
  }
}

function unanswered(what: string): { readonly ok: false; readonly error: TokenError } {
  return fail({ message: `The token endpoint ${what}.`, is_final: false });
}

function explain(error: unknown): { readonly ok: false; readonly error: TokenError } {
  if (error instanceof Unanswered) return unanswered(error.message);
  if (error instanceof oauth.ResponseBodyError) {
    const code = ERROR_CODE.test(error.error) ? ` ${error.error}` : "";
    return fail({
      message: `The token endpoint answered ${error.status}${code}.`,
      is_final: error.error === "invalid_grant",
    });
  }
  if (error instanceof oauth.OperationProcessingError && error.cause instanceof Response) {
    return unanswered(`answered ${error.cause.status}`);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return unanswered("answered with something that is no bearer token");
  }
  throw error;
}

/** Asks a token endpoint for a token. No redirect is followed; whatever the endpoint does is data. */
export async function requestToken(request: TokenRequest): Promise<Result<Granted, TokenError>> {
  const { auth, allow_private, own_hosts } = request;
  const url = checkUrl(auth.token_url, { allowPrivate: allow_private, ownHosts: own_hosts });
  if (!url.ok) {
    return fail({ message: `The address of the token endpoint is not allowed: ${url.error}`, is_final: false });
  }
  try {
    const { access_token, token_type, refresh_token, expires_in } = await exchange(url.value, request);
    if (token_type !== "bearer" || !TOKEN.test(access_token)) {
      return unanswered("answered with something that is no bearer token");
    }
    return ok({ access_token, refresh_token: refresh_token ?? null, expires_in: expires_in ?? null });
  } catch (error) {
    return explain(error);
  }
}

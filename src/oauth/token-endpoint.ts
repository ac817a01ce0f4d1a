import * as oauth from "oauth4webapi";
import { GATEWAY_HEADER } from "../net/gateway-header.ts";
import { outboundFetch } from "../net/outbound-fetch.ts";
import { type AllowedUrl, checkUrl } from "../net/url-guard.ts";
import type { OAuth } from "../model/destination.ts";
import { isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";

const MAX_RESPONSE_BYTES = 65_536;
/** A token must fit a header: no white space, no control characters. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
/** Only codes of this shape are shown, because the endpoint could put a secret into its response. */
const ERROR_CODE = /^[a-z][a-z_]{0,40}$/;
/** The members of a response that are read. Others are ignored: an id_token, for example, could not be verified here. */
const MEMBERS = ["access_token", "token_type", "expires_in", "refresh_token", "error"] as const;

/** The grant of a token request. */
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
  /** Sent along, so that the gateway refuses the request if the endpoint is one of its own. */
  readonly gateway_id: string;
};

export type Granted = {
  readonly access_token: string;
  readonly refresh_token: string | null;
  /** The lifetime in seconds, or null if the server did not say. */
  readonly expires_in: number | null;
};

/** Why there is no token, in our own words. `is_final`: the grant is no longer valid. */
export type TokenError = { readonly message: string; readonly is_final: boolean };

/** Thrown through the library, which offers its transport no other way to report a failure. */
class Unusable extends Error {}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}

/** Returns the response as the specification has it. Servers send nulls, errors with status 200, or no token type. */
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

/** Sends one request of the library. Throws Unusable unless the response is a JSON object. */
async function post(url: AllowedUrl, { method, body, headers }: Post, request: TokenRequest): Promise<Response> {
  const result = await outboundFetch({
    url,
    method,
    body,
    headers: { ...headers, [GATEWAY_HEADER]: request.gateway_id },
    timeout_ms: request.timeout_ms,
    max_response_bytes: MAX_RESPONSE_BYTES + 1,
  });
  if (result.kind === "timed_out") throw new Unusable("did not respond in time");
  if (result.kind === "failed") throw new Unusable("could not be reached");
  const { status } = result;
  if (status >= 300 && status < 400) throw new Unusable("responded with a redirect, which is never followed");
  if (!result.body.ok) throw new Unusable("closed the connection before its response was complete");
  const bytes = result.body.value ?? new Uint8Array(0);
  if (bytes.byteLength > MAX_RESPONSE_BYTES) throw new Unusable(`responded with ${status} and more than 64 KB`);
  const json = parseObject(bytes);
  if (json !== null) return conform(status, json);
  throw new Unusable(status === 200 ? "did not respond with a JSON object" : `responded with ${status}`);
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
    // oxlint-disable-next-line typescript/no-deprecated -- deprecated only to be noticed; http is for development, as everywhere
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
      // Only the code: without the server's metadata `iss` means nothing, and `state` is checked already.
      const validated = oauth.validateAuthResponse(server, client, new URLSearchParams({ code }), oauth.expectNoState);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        clientAuth,
        validated,
        redirect_uri,
        code_verifier,
        options,
      );
      return await oauth.processAuthorizationCodeResponse(server, client, response);
    }
  }
}

function unusable(what: string): { readonly ok: false; readonly error: TokenError } {
  return fail({ message: `The token endpoint ${what}.`, is_final: false });
}

function explain(error: unknown): { readonly ok: false; readonly error: TokenError } {
  if (error instanceof Unusable) return unusable(error.message);
  if (error instanceof oauth.ResponseBodyError) {
    const code = ERROR_CODE.test(error.error) ? ` ${error.error}` : "";
    return fail({
      message: `The token endpoint responded with ${error.status}${code}.`,
      is_final: error.error === "invalid_grant",
    });
  }
  if (error instanceof oauth.OperationProcessingError && error.cause instanceof Response) {
    return unusable(`responded with ${error.cause.status}`);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return unusable("did not respond with a bearer token");
  }
  throw error;
}

/** Requests a token from a token endpoint. No redirect is followed. A failure of the endpoint is returned, not thrown. */
export async function requestToken(request: TokenRequest): Promise<Result<Granted, TokenError>> {
  const { auth, allow_private, own_hosts } = request;
  const url = checkUrl(auth.token_url, { allowPrivate: allow_private, ownHosts: own_hosts });
  if (!url.ok) {
    return fail({ message: `The address of the token endpoint is not allowed: ${url.error}`, is_final: false });
  }
  try {
    const { access_token, token_type, refresh_token, expires_in } = await exchange(url.value, request);
    if (token_type !== "bearer" || !TOKEN.test(access_token)) {
      return unusable("did not respond with a bearer token");
    }
    return ok({ access_token, refresh_token: refresh_token ?? null, expires_in: expires_in ?? null });
  } catch (error) {
    return explain(error);
  }
}

import { apiApp } from "../api/api.ts";
import { parseExactAs } from "../model/exact-json.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { Env } from "../platform/bindings.ts";

// Tools call the API inside the same Worker, with the credentials of the MCP request. So a tool can do what the token may do
// through the API, and checks, audit trail and limits are the API's.

type Query = Readonly<Record<string, unknown>>;

/** A request to the API. `path` is below `/api/v1` and contains no unchecked text. */
export type ApiCall = {
  readonly method: "GET" | "POST";
  readonly path: `/${string}`;
  readonly query?: Query;
  readonly json?: object;
  /** Instead of `json`: a body with headers of its own. */
  readonly raw?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
};

/** Calls the API. Returns the parsed body of a success, whose type the caller knows from the API document, or what the API refused, as one text. */
export type CallApi = <T>(call: ApiCall) => Promise<Result<T, string>>;

type Problem = {
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

function describeProblem(status: number, { title, detail, errors = [] }: Problem): string {
  const fields = errors.map(({ path, message }) => `${path === "" ? "the body" : path} ${message}`);
  return [`${status} ${title}`, ...(detail === undefined || detail === title ? [] : [detail]), ...fields].join("; ");
}

function urlOf(origin: string, { path, query = {} }: ApiCall): URL {
  const url = new URL(`/api/v1${path}`, origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) {
      url.searchParams.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
  }
  return url;
}

/** Returns the function that calls the API of the gateway at `origin` with a token. */
export function apiWith(env: Env, origin: string, token: string): CallApi {
  return async <T>(call: ApiCall) => {
    const authorization = { authorization: `Bearer ${token}` };
    const { raw, json } = call;
    const headers =
      raw === undefined
        ? { ...authorization, ...(json === undefined ? {} : { "content-type": "application/json" }) }
        : { ...raw.headers, ...authorization };
    const body = raw?.body ?? (json === undefined ? null : JSON.stringify(json));
    const response = await apiApp.fetch(new Request(urlOf(origin, call), { method: call.method, headers, body }), env);
    const text = await response.text();
    if (response.ok) return ok(parseExactAs<T>(text));
    return fail(describeProblem(response.status, parseExactAs<Problem>(text)));
  };
}

import { randomUUID } from "node:crypto";
import { type KeyedCallOptions, createCall } from "../client/call.ts";
import { ClientError, type JsonObject, type Result, type Success } from "../client/index.ts";
import { parseJson, writeJson } from "../model/portable-json.ts";
import { CommandError, UsageError } from "./failure.ts";
import type { Interrupt } from "./interrupt.ts";

// The calls of the command line. Bodies come from files and flags and are checked by the gateway, and rows are shown with
// every field that the gateway sends, so both are JSON here and not the types of the client's operations.

export type Page = { readonly data: readonly JsonObject[]; readonly next_cursor: string | null };
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
type Params = Readonly<Record<string, string>>;
type HeaderMap = Readonly<Record<string, string>>;
type Item = Success<200 | 201, JsonObject>;

/** What a request has beside its path and body. */
type Parts = {
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: HeaderMap;
  /** Whether a request that is no GET changes nothing, so that it may be interrupted. */
  readonly isReading?: true;
  /** How to find out whether a change that was not waited for took effect. */
  readonly check?: string;
};

const API = "/api/v1";
const MAX_RETRIES = 3;
const MAX_BODY_BYTES = 1_000_000;
const ITEM = { 200: "json", 201: "json" } as const;

/** Refuses what is no id, and would lead elsewhere as a part of a path. */
function checked(params: Params): Params {
  const wrong = Object.values(params).find((value) => !/^\w[\w.-]*$/.test(value));
  if (wrong === undefined) return params;
  throw new UsageError(`"${wrong}" is not an id.`, "`list` shows the ids.");
}

function succeeded<S extends Success<number, unknown>>(result: Result<S>): S {
  if (result.ok) return result;
  throw new ClientError(result.error);
}

export type Api = ReturnType<typeof createApi>;

/**
 * Makes the calls, which throw a `ClientError` if they fail. Requests that are refused for the moment are repeated. Reads
 * end at once if the command is interrupted; a change does not, because it may have taken effect.
 */
export function createApi(url: string, token: string, interrupt: Interrupt) {
  const call = createCall({
    base_url: url,
    token,
    max_retries: MAX_RETRIES,
    json: { parse: parseJson, stringify: writeJson },
  });

  async function read<S extends Success<200 | 201, unknown>>(path: string, parts: Parts): Promise<S> {
    const { params = {}, query = {}, headers = {} } = parts;
    const request = { method: "GET", path, params: checked(params), query, reads: ITEM };
    return succeeded(await call<S>(request, { signal: interrupt.signal, headers }));
  }

  /** A gateway that refuses a large body closes the connection, which looks like a lost network. */
  function refuseLarge(result: Result<Item>, body: object | undefined): Result<Item> {
    if (result.ok || result.error.kind !== "network" || body === undefined) return result;
    const bytes = Buffer.byteLength(writeJson(body));
    if (bytes <= MAX_BODY_BYTES || result.error.reason !== "failed") return result;
    throw new CommandError(
      `The request has ${bytes.toLocaleString("en")} bytes, and the gateway accepts ${MAX_BODY_BYTES.toLocaleString("en")}.`,
      "Make the file smaller, or split it.",
    );
  }

  async function change(method: string, path: string, body: object | undefined, parts: Parts): Promise<Item> {
    const { params = {}, query = {}, headers = {} } = parts;
    const request = { method, path: API + path, params: checked(params), query, json: body, reads: ITEM };
    const key: KeyedCallOptions = method === "POST" ? { idempotency_key: randomUUID() } : {};
    if (parts.isReading === true)
      return succeeded(refuseLarge(await call<Item>(request, { ...key, headers, signal: interrupt.signal }), body));
    return await interrupt.whileChanging(
      async () => succeeded(refuseLarge(await call<Item>(request, { ...key, headers }), body)),
      parts.check,
    );
  }

  return {
    url,
    get: async (path: string, parts: Parts = {}) => (await read<Item>(API + path, parts)).data,
    /** Reads JSON at a path of the gateway that is not below the API's. */
    getAt: async (path: string, query: Query = {}) => (await read<Item>(path, { query })).data,
    /** Reads one thing, with the headers of the response. */
    fetch: async (path: string) => await read<Item>(API + path, {}),
    page: async (path: string, query: Query, params: Params = {}) =>
      (await read<Success<200 | 201, Page>>(API + path, { query, params })).data,
    post: async (path: string, body?: object, parts: Parts = {}) => (await change("POST", path, body, parts)).data,
    patch: async (path: string, body: object, parts: Parts = {}) => (await change("PATCH", path, body, parts)).data,
    put: async (path: string, body: object, parts: Parts = {}) => (await change("PUT", path, body, parts)).data,
    delete: async (path: string, parts: Parts = {}) => {
      const { params = {}, query = {} } = parts;
      const request = {
        method: "DELETE",
        path: API + path,
        params: checked(params),
        query,
        reads: { 204: "nothing" },
      } as const;
      await interrupt.whileChanging(async () => succeeded(await call<Success<204, null>>(request, {})));
    },
  };
}

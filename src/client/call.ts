import { abortable, createDeadline, sleep as sleepInReality } from "./abort.ts";
import { type JsonCodec, type Readings, readResponse } from "./response.ts";
import type { Result, Success } from "./result.ts";
import { retryDelayMs } from "./retry.ts";

/** A body that is sent as it is. */
export type RawBody = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

type Fetch = (url: string, init: RequestInit) => Promise<Response> | Response;

export type ClientOptions = {
  /** The gateway's address, such as `https://hooks.example.com`. The empty string is the origin of the page, in a browser. */
  readonly base_url: string;
  /** The administrator's token or an API token. Omit it in a page that a session cookie authenticates. */
  readonly token?: string | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** The time-out of a call, retries included. By default 60,000. */
  readonly timeout_ms?: number | undefined;
  /**
   * How many times a request is repeated after 429 or 503. By default 0. Only requests that are safe to repeat are: `GET`,
   * `PUT`, `DELETE`, and `POST` with an `idempotency_key`.
   */
  readonly max_retries?: number | undefined;
  /** Replaces the platform's `JSON`, for example to keep the digits of whole numbers above 2^53. */
  readonly json?: JsonCodec | undefined;
  /** The time in milliseconds since 1970. By default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Waits before a retry. By default with `setTimeout`. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
};

export type CallOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's `timeout_ms`. */
  readonly timeout_ms?: number | undefined;
  /** Overrides the client's `max_retries`. */
  readonly max_retries?: number | undefined;
  /** Headers to add to the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

export type KeyedCallOptions = CallOptions & {
  /** For 24 hours, the gateway runs requests with the same key once, and returns the first result again. 1 to 255 characters. */
  readonly idempotency_key?: string | undefined;
};

type QueryValue = string | number | boolean | undefined;

/** A request as the generated functions describe it. */
type CallRequest<Status extends number> = {
  readonly method: string;
  /** The path as the document writes it, with parameters in braces. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly json?: object | undefined;
  readonly raw?: RawBody | undefined;
  readonly reads: Readings<Status>;
};

export type Call = <S extends Success<number, unknown>>(
  request: CallRequest<S["status"]>,
  options: KeyedCallOptions,
) => Promise<Result<S>>;

const DEFAULT_TIMEOUT_MS = 60_000;

/** Throws a TypeError for an id that would change the path: that is a bug of the caller. */
function fillIn(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? "";
    // A URL parser removes these segments, encoded or not.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`"${value}" is not a valid ${name}.`);
    return encodeURIComponent(value);
  });
}

function queryOf(query: Readonly<Record<string, QueryValue>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** The caller's own headers win. Throws a TypeError for a value that no header can have. */
function headersOf(
  { json }: CallRequest<number>,
  { headers: own, idempotency_key }: KeyedCallOptions,
  token: string | undefined,
): Headers {
  const headers = new Headers();
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (json !== undefined) headers.set("content-type", "application/json");
  if (idempotency_key !== undefined) headers.set("idempotency-key", idempotency_key);
  for (const [name, value] of Object.entries(own ?? {})) headers.set(name, value);
  return headers;
}

function initOf(request: CallRequest<number>, headers: Headers, json: JsonCodec): RequestInit {
  const body = request.json === undefined ? request.raw : json.stringify(request.json);
  // The API never redirects. Following a redirect could send the token to another host.
  return { method: request.method, headers, redirect: "manual", ...(body === undefined ? {} : { body }) };
}

function isRepeatable({ method }: CallRequest<number>, { idempotency_key }: KeyedCallOptions): boolean {
  return ["GET", "PUT", "DELETE"].includes(method) || (method === "POST" && idempotency_key !== undefined);
}

/** Makes the function by which all operations call the gateway. */
export function createCall(client: ClientOptions): Call {
  const base = client.base_url.replace(/\/+$/, "");
  const { token, now = Date.now, sleep = sleepInReality, json = JSON } = client;
  const send: Fetch = client.fetch ?? ((url, init) => globalThis.fetch(url, init));

  return async function call<S extends Success<number, unknown>>(
    request: CallRequest<S["status"]>,
    options: KeyedCallOptions,
  ): Promise<Result<S>> {
    const url = base + fillIn(request.path, request.params ?? {}) + queryOf(request.query ?? {});
    const deadline = createDeadline(options.timeout_ms ?? client.timeout_ms ?? DEFAULT_TIMEOUT_MS, options.signal);
    const init = { ...initOf(request, headersOf(request, options, token), json), signal: deadline.signal };
    const maxRetries = isRepeatable(request, options) ? (options.max_retries ?? client.max_retries ?? 0) : 0;
    const attempt = async (): Promise<Result<S>> => readResponse<S>(await send(url, init), request.reads, json);
    try {
      for (let retries = 0; ; retries++) {
        const result = await abortable(deadline.signal, attempt());
        if (result.ok || retries >= maxRetries) return result;
        const delay = retryDelayMs(result.error, retries, now());
        if (delay === null) return result;
        await abortable(deadline.signal, sleep(delay));
      }
    } catch (error) {
      return { ok: false, error: deadline.failureOf(error) };
    }
  };
}

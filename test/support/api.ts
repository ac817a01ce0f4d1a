import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
  type Client,
  type Integration,
  type IntegrationCreation,
  type Replay,
  type Result,
  type RevealedDestination,
  type DestinationCreation,
  type Success,
  createClient,
  unwrap,
} from "../../src/client/index.ts";
import * as z from "zod/mini";
import worker from "../../src/index.ts";

// The API as tests call it: the typed client, whose requests go to the Worker's own entry.

export const ORIGIN = "https://gate.example.net";

type Bindings = Partial<typeof env>;

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});

/** The token of the caller, and replacements for bindings and variables of the gateway. */
export type Caller = { readonly token?: string; readonly bindings?: Bindings };

function dispatch(bindings: Bindings, url: string, init: RequestInit): Response | Promise<Response> {
  return worker.fetch(new Request(url, init), { ...env, ...bindings }, createExecutionContext());
}

/** A client, by default the administrator's. */
export function clientOf({ token = env.ADMIN_TOKEN, bindings = {} }: Caller = {}): Client {
  return createClient({ base_url: ORIGIN, token, fetch: (url, init) => dispatch(bindings, url, init) });
}

/** The administrator's client. */
export const client: Client = clientOf();

/** A body or a query that the types do not allow, for tests of how the gateway refuses it. */
export function unchecked(value: unknown) {
  return JSON.parse(JSON.stringify(value));
}

/** The value of a field that only some types of a union have; undefined if `value` lacks it. */
export function fieldOf(value: object, name: string): unknown {
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

/** The status of a success or a failure. Throws if no response arrived. */
export function statusOf(result: Result<Success<number, unknown>>): number {
  if (result.ok) return result.status;
  if (result.error.kind === "network") throw new Error(result.error.message);
  return result.error.status;
}

/** The headers of a success or a failure. Throws if no response arrived. */
export function headersOf(result: Result<Success<number, unknown>>): Headers {
  if (result.ok) return result.headers;
  if (result.error.kind === "network") throw new Error(result.error.message);
  return result.error.headers;
}

/** The body of a success or a failure as JSON text. Throws if no response arrived. */
export function textOf(result: Result<Success<number, unknown>>): string {
  if (result.ok) return JSON.stringify(result.data);
  if (result.error.kind === "network") throw new Error(result.error.message);
  return result.error.kind === "problem" ? JSON.stringify(result.error.problem) : result.error.text;
}

/** The paths of the fields that a problem names. Throws for anything but a problem that repeats its own status. */
export function faultsOf(result: Result<Success<number, unknown>> | Reply): string[] {
  const text = "text" in result ? result.text : textOf(result);
  const status = "text" in result ? result.status : statusOf(result);
  const headers = "text" in result ? result.headers : headersOf(result);
  if (headers.get("content-type") !== "application/problem+json") throw new Error(`Not a problem: ${status} ${text}`);
  const parsed = problem.parse(JSON.parse(text));
  if (parsed.status !== status) throw new Error(`Two statuses: ${status} ${text}`);
  return (parsed.errors ?? []).map(({ path }) => path);
}

/** The replay that a request started. Throws if the request started none. */
export function startedReplay(result: Awaited<ReturnType<Client["replays"]["create"]>>): Replay {
  if (!result.ok || result.status !== 201) throw new Error(`Not started: ${textOf(result)}`);
  return result.data;
}

/** Creates an integration, by default an alerting one. Throws if the gateway refuses it. */
export async function createIntegration(more: Partial<IntegrationCreation> = {}): Promise<Integration> {
  return unwrap(await client.integrations.create({ name: "monitoring", type: "pagertree", ...more }));
}

/** Creates a destination, by default a webhook. Throws if the gateway refuses it. */
export async function createDestination(more: Partial<DestinationCreation> = {}): Promise<RevealedDestination> {
  const webhook = { name: "receiver", type: "webhook", url: "https://hooks.example.com/in" } as const;
  return unwrap(await client.destinations.create({ ...webhook, ...more }));
}

export type Reply = { readonly status: number; readonly headers: Headers; readonly text: string };

/**
 * Makes a request that the client cannot make, for example with another method or a body that is not JSON. `path` is below
 * `/api/v1`.
 */
export async function request(path: string, init: RequestInit = {}, bindings: Bindings = {}): Promise<Reply> {
  const headers = new Headers({ authorization: `Bearer ${env.ADMIN_TOKEN}`, "content-type": "application/json" });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  const response = await dispatch(bindings, `${ORIGIN}/api/v1${path}`, { ...init, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

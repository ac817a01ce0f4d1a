import { env } from "cloudflare:workers";
import { app } from "../../../src/app.ts";
import type { Env } from "../../../src/platform/bindings.ts";
import { ORIGIN } from "../../support/api.ts";
import { fakeQueue } from "../../support/bindings.ts";

/** Has the gateway return a problem. */
export type Provocation = () => Promise<Response>;

/** Makes a request, with other bindings if they are given. The queues take every message and deliver none. */
export async function send(path: string, init: RequestInit = {}, changes: object = {}): Promise<Response> {
  const bindings: Env = { ...env, EVENTS: fakeQueue().queue, DELIVERIES: fakeQueue().queue, ...changes };
  return await app.request(`${ORIGIN}${path}`, init, bindings);
}

/** Posts a webhook to an address. */
export function webhook(address: string, body: BodyInit, headers: Readonly<Record<string, string>> = {}) {
  return send(`/integration/${address}`, { method: "POST", body, headers });
}

type ApiCall = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly env?: object };

/** Calls the API as the administrator. A text is sent as it is. */
export function api(method: string, path: string, { body, headers, env: changes }: ApiCall = {}): Promise<Response> {
  const init = {
    method,
    headers: { authorization: `Bearer ${env.ADMIN_TOKEN}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
  return send(`/api/v1${path}`, init, changes);
}

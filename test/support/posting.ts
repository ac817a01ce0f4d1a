import type { Env } from "../../src/platform/bindings.ts";
import { ingestRoutes } from "../../src/ingest/routes.ts";
import { type EventMessage, parseEventMessage } from "../../src/model/event.ts";

/** Posts to the ingest routes alone. */
export async function post(env: Env, path: string, init: RequestInit = {}): Promise<Response> {
  return await ingestRoutes.request(path, { method: "POST", ...init }, env);
}

/** The events among what was sent to a queue. */
export function eventsIn(sent: readonly unknown[]): EventMessage[] {
  return sent.map((body) => {
    const message = parseEventMessage(JSON.parse(JSON.stringify(body)));
    if (message === null || !("content" in message)) throw new Error("not an event");
    return message;
  });
}

/** A request with a value as its JSON body. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
}

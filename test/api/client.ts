import type { env } from "cloudflare:workers";
import * as z from "zod/mini";
import { type Reply as UnreadReply, request } from "../support/api.ts";
export { faultsOf as faults } from "../support/api.ts";
export { revision } from "../support/tables.ts";

// Untyped calls of the API, over the transport of the typed client.

export type Reply = UnreadReply & { readonly json: z.output<typeof anyObject> };

const anyObject = z.record(z.string(), z.any());
/** Calls the API as the administrator. A body that is text is sent as it is. */
export async function api(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  variables: Partial<typeof env> = {},
): Promise<Reply> {
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await request(path, init, variables);
  return { ...reply, json: reply.text === "" ? {} : anyObject.parse(JSON.parse(reply.text)) };
}

export async function create(resource: string, body: object): Promise<Reply["json"]> {
  const reply = await api("POST", `/${resource}`, body);
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  return reply.json;
}

export async function createIntegration(more: object = {}): Promise<Reply["json"]> {
  return await create("integrations", { name: "monitoring", type: "pagertree", ...more });
}

export async function createDestination(more: object = {}): Promise<Reply["json"]> {
  return await create("destinations", {
    name: "receiver",
    type: "webhook",
    url: "https://hooks.example.com/in",
    ...more,
  });
}

/** Follows the cursors of a list to its end. */
export async function allPages(path: string, limit: number): Promise<Reply["json"][]> {
  const rows: Reply["json"][] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const reply = await api("GET", `${path}${path.includes("?") ? "&" : "?"}limit=${limit}${more}`);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    rows.push(...z.array(anyObject).parse(reply.json["data"]));
    cursor = z.nullable(z.string()).parse(reply.json["next_cursor"]);
  }
  return rows;
}

import { env } from "cloudflare:workers";
import * as z from "zod/mini";
import { createApiRoutes } from "../../src/api/api.ts";
import { tables } from "../support/tables.ts";

const apiRoutes = createApiRoutes();

export type Reply = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly json: z.output<typeof anyObject>;
};

const anyObject = z.record(z.string(), z.any());
const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});

async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = text === "" ? {} : anyObject.parse(JSON.parse(text));
  return { status: response.status, text, headers: response.headers, json };
}

/** Calls the API as the administrator. A body that is text goes out as it is. */
export async function api(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  variables: Partial<typeof env> = {},
): Promise<Reply> {
  const init: RequestInit = {
    method,
    headers: { authorization: `Bearer ${env.ADMIN_TOKEN}`, "content-type": "application/json", ...headers },
  };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  return await replyOf(await apiRoutes.request(`https://gate.example.net${path}`, init, { ...env, ...variables }));
}

/** The paths that a problem names; throws where the reply is no problem. */
export function faults(reply: Reply): string[] {
  if (reply.headers.get("content-type") !== "application/problem+json") throw new Error(`No problem: ${reply.text}`);
  const parsed = problem.parse(reply.json);
  if (parsed.status !== reply.status) throw new Error(`Two statuses: ${reply.text}`);
  return (parsed.errors ?? []).map((error) => error.path);
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

export async function revision(): Promise<number> {
  return Number(await tables.config_revision.value("revision"));
}

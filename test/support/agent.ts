import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { onTestFinished } from "vitest";
import worker from "../../src/index.ts";
import { ORIGIN } from "./api.ts";
import { fakeQueue } from "./bindings.ts";

// An agent: the client of the protocol's own authors, whose requests go to the Worker's own entry.

/** A client that is connected with a token, by default the administrator's. */
export async function agentWith(token: string = env.ADMIN_TOKEN): Promise<Client> {
  const agent = new Client({ name: "tests", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL("/mcp", ORIGIN), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: async (url, init) => await mcp(init, url),
  });
  await agent.connect(transport);
  onTestFinished(() => agent.close());
  return agent;
}

/** Sends one request to `/mcp`. */
export async function mcp(init: RequestInit = {}, url: string | URL = `${ORIGIN}/mcp`): Promise<Response> {
  const bindings = { ...env, EVENTS: fakeQueue().queue, DELIVERIES: fakeQueue().queue };
  return await worker.fetch(new Request(url, init), bindings, createExecutionContext());
}

/** The result of a tool. */
export async function callTool(agent: Client, name: string, args: Readonly<Record<string, unknown>> = {}) {
  const { content, isError = false } = await agent.callTool({ name, arguments: { ...args } });
  const [first] = content;
  const text = first?.type === "text" ? first.text : "";
  return { isError, text, result: isError ? null : JSON.parse(text) };
}

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { heading, say, verdict } from "./print.mjs";
import { until } from "./until.mjs";

const ALARM = { event_type: "create", Id: "db-7", Title: "db-7 does not answer" };

/** @param {import("../drive/gateway.mjs").Gateway} gateway */
async function connect({ url, adminToken }) {
  const agent = new Client({ name: "demo", version: "1.0.0" });
  const headers = { authorization: `Bearer ${adminToken}` };
  await agent.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), { requestInit: { headers } }));
  return agent;
}

/** An agent finds out why nobody heard of an alert, and replays it. @param {import("../drive/stage.mjs").Stage} stage */
export async function agent(stage) {
  heading("MCP: an agent finds a dead delivery, explains it and replays it");
  const { receiver, destination } = await stage.receiver("On-call chat", { retry_schedule: [1] });
  const night = await stage.route({ name: "Night watch", type: "pagertree" }, [destination]);
  receiver.answers = 404;
  await stage.gateway.send(night, ALARM);

  const client = await connect(stage.gateway);
  /** @param {string} name @param {Record<string, unknown>} given @returns {Promise<any>} */
  const use = async (name, given) => (await client.callTool({ name, arguments: given })).structuredContent;
  const find = async () => await use("list_deliveries", { outstanding: "true", integration_id: night.id });
  await until(async () => (await find()).deliveries.length === 1);
  const [dead] = (await find()).deliveries;
  if (dead === undefined) return false;
  say(`list_deliveries finds ${dead.id}: ${dead.status} after ${dead.attempts_made} attempts`);
  const { why, next_steps } = await use("explain_failure", { id: dead.id });
  for (const sentence of [...why, ...next_steps]) say(`  ${sentence}`);

  receiver.answers = 200;
  const chosen = { delivery_ids: [dead.id] };
  say(`replay would repeat ${(await use("replay", chosen)).count} delivery`);
  await use("replay", { ...chosen, dry_run: false });
  await until(() => receiver.admitted.length > 0);
  const [heard] = receiver.admitted;
  say(`the receiver got ${heard?.data.alert.key ?? "NOTHING"}, ${verdict(heard?.verified)}`);
  const left = (await find()).deliveries.length;
  await client.close();
  return heard?.verified === true && why.length > 0 && left === 0;
}

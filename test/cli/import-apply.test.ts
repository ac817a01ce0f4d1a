import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Webhook } from "svix";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { ROOT, commandsOf } from "./run.ts";

// What `import` makes, on a gateway that `npm start` runs.

const stage = new Stage();
const { gateway } = stage;
const receiver = new Receiver();
const folder = mkdtempSync(join(tmpdir(), "hookgate-import-"));
let commands: ReturnType<typeof commandsOf>;

beforeAll(async () => {
  await Promise.all([gateway.start(), stage.open(receiver)]);
  commands = commandsOf(gateway.url, gateway.adminToken);
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stage.strike();
});

/** A fixture whose destinations are the receiver. */
function saved(name: string): string {
  const text = readFileSync(join(ROOT, "test/fixtures/import", name), "utf8");
  const file = join(folder, name);
  writeFileSync(file, text.replaceAll(/https:\/\/(\w+)\.example\.com/g, `${receiver.origin}/$1`));
  return file;
}

const arrivedAt = (path: string) => receiver.arrivals.filter(({ url }) => url.startsWith(`${receiver.origin}${path}`));

async function post(integration: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { url } = await commands.json(["integrations", "get", integration]);
  const sent = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
  return (await fetch(url, sent)).status;
}

test("connections of Hookdeck deliver what their filters take, as it was sent", async () => {
  const args = ["import", "hookdeck", saved("hookdeck-connections.json"), "--apply"];
  const asked = await commands.hookgate(args);
  expect([asked.code, asked.stderr]).toEqual([64, expect.stringContaining("Add --yes to confirm.")]);
  expect((await commands.json(["integrations", "list"])).data).toEqual([]);
  const { code, stdout, stderr } = await commands.hookgate([...args, "--yes"]);
  expect([code, stdout], stderr).toEqual([0, expect.stringContaining("Applied 6 changes.")]);
  expect(stdout + stderr).not.toContain("secret-of-the-shop");

  const order = (fields: object): string => JSON.stringify({ financial_status: "paid", total: 30, ...fields });
  const send = async (body: string, secret = "secret-of-the-shop"): Promise<number> => {
    const signature = createHmac("sha256", secret).update(body).digest("base64");
    const topic = { "x-shopify-topic": "orders/paid", "x-shopify-webhook-id": body.length.toString() };
    return await post("shop", body, { "x-shopify-hmac-sha256": signature, ...topic });
  };
  expect(await send(order({}), "another")).toBe(401);
  expect(await send(order({ country: "NO", id: 1 }))).toBe(200);
  expect(await send(order({ country: "SE", id: 22 }))).toBe(200);
  expect(await send(order({ tags: ["export"], id: 333 }))).toBe(200);
  await vi.waitFor(() => expect(arrivedAt("/warehouse/orders")).toHaveLength(2), WITHIN);
  const bodies = arrivedAt("/warehouse/orders").map(({ body }) => body);
  expect(bodies.toSorted()).toEqual([order({ country: "NO", id: 1 }), order({ tags: ["export"], id: 333 })].toSorted());
  expect(arrivedAt("/warehouse/orders")[0]?.headers).toMatchObject({
    authorization: "Bearer token-of-the-warehouse",
    "x-shopify-topic": "orders/paid",
  });
  const again = await commands.hookgate([...args, "--yes"]);
  expect([again.code, again.stdout]).toEqual([0, "No differences. Nothing was changed.\n"]);
});

test("an endpoint of Svix receives the payload with a signature that its library accepts", async () => {
  const file = join(folder, "svix.yaml");
  const secrets = join(folder, "svix.secrets");
  const dry = ["import", "svix", saved("svix.json"), "--out", file, "--secrets", secrets];
  expect((await commands.hookgate(dry)).code).toBe(0);
  const values = readFileSync(secrets, "utf8").matchAll(/^export (\w+)='(.*)'$/gm);
  const env = Object.fromEntries([...values].map(([, name = "", value = ""]) => [name, value]));
  const hidden = { DESTINATION_BAKERY_ORDERS_HEADER_X_HIDDEN: "hidden", INTEGRATION_ACME_TOKEN: "token-of-the-server" };
  const applied = await commands.hookgate(["config", "apply", "-f", file, "--yes"], "", { ...env, ...hidden });
  expect(applied.code, applied.stderr).toBe(0);

  const message = (fields: object): string =>
    JSON.stringify({ eventType: "order.created", payload: { order: 7, total: 12.5 }, ...fields });
  const headers = { authorization: "Bearer token-of-the-server" };
  expect(await post("acme", message({ channels: ["shop_12"] }), {})).toBe(401);
  expect(await post("acme", message({ channels: ["shop_13"] }), headers)).toBe(200);
  expect(await post("acme", message({ channels: ["shop_12"], eventType: "order.lost" }), headers)).toBe(200);
  expect(await post("acme", message({ channels: ["shop_12"] }), headers)).toBe(200);
  await vi.waitFor(() => expect(arrivedAt("/bakery")).toHaveLength(1), WITHIN);
  const [arrival] = arrivedAt("/bakery");
  expect(arrival?.url).toBe(`${receiver.origin}/bakery/hooks/orders`);
  expect(arrival?.headers).toMatchObject({ "x-shop": "12", "x-api-key": "key-of-the-bakery", "x-hidden": "hidden" });
  const header = (name: string): string => String(arrival?.headers[name]);
  const signed = {
    "webhook-id": header("webhook-id"),
    "webhook-timestamp": header("webhook-timestamp"),
    "webhook-signature": header("webhook-signature"),
  };
  const webhook = new Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
  expect(() => webhook.verify(arrival?.body ?? "", signed)).not.toThrow();
  expect(() => webhook.verify(`${arrival?.body} `, signed)).toThrow();
  expect(JSON.parse(arrival?.body ?? "")).toEqual({ order: 7, total: 12.5 });
  expect(arrivedAt("/books")).toEqual([]);
});

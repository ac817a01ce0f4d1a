import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../scripts/drive/gateway.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { type Client, createClient, unwrap } from "../../src/client/index.ts";
import { WITHIN } from "./stand.ts";

// The examples of docs/client.md, run by Node as they stand there, against a gateway over the network.

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/client.md"), "utf8");
const examples = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);

const folder = mkdtempSync(join(tmpdir(), "hookgate-examples-"));
const stage = new Stage();
const { gateway } = stage;

beforeAll(async () => {
  symlinkSync(join(ROOT, "src/client"), join(folder, "client"));
  await gateway.start();
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stage.strike();
});

function client(): Client {
  return createClient({ base_url: gateway.url, token: gateway.adminToken });
}

/** Starts the example that holds a text. */
function start(part: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  const found = examples.filter((example) => example.includes(part));
  expect(found).toHaveLength(1);
  const file = join(folder, "example.mts");
  writeFileSync(file, found.join(""));
  const variables = { HOOKGATE_URL: gateway.url, HOOKGATE_TOKEN: gateway.adminToken, ...env };
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill();
  });
  return child;
}

/** Runs an example to its end. Returns what it wrote. */
async function run(part: string): Promise<string> {
  const child = start(part);
  const [written, [code]] = await Promise.all([child.stdout === null ? "" : text(child.stdout), once(child, "close")]);
  expect(code).toBe(0);
  return written;
}

test("the example of a call creates an integration", async () => {
  const written = await run("client.integrations.create");
  const [integration] = unwrap(await client().integrations.list()).data;
  expect(integration?.name).toBe("Orders");
  expect(written).toBe(`${integration?.id} ${integration?.url}\n`);
});

test("the example of errors prints the refusal, with the field that is wrong", async () => {
  expect(await run("describeFailure(result.error)")).toMatch(/^400 .*\ndestination_ids\[0\]: .+\n$/);
});

test("the example of lists retries dead deliveries and prints events without a route", async () => {
  const { id } = unwrap(await client().integrations.create({ name: "unrouted", type: "catch" }));
  expect((await fetch(`${gateway.url}/hooks/catch/${id}`, { method: "POST", body: '{"a":1}' })).status).toBe(200);
  const first = async () => unwrap(await client().events.list({ integration_id: id })).data[0];
  const event = await vi.waitFor(async () => (await first()) ?? expect.fail("no event yet"), WITHIN);
  expect(await run("client.deliveries.pages")).toContain(event.id);
});

test("the example of a receiver accepts what the gateway sends, and nothing else", async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const destination = unwrap(await client().destinations.create({ name: "example", url }));
  start("createServer", { PORT: new URL(url).port, SIGNING_SECRET: destination.signing_secret ?? "" });
  const stranger = async () => await fetch(url, { method: "POST", body: "{}" });
  const refused = await vi.waitFor(stranger, WITHIN);
  expect([refused.status, await refused.text()]).toEqual([401, "missing_header"]);
  expect(unwrap(await client().destinations.test(destination.id))).toMatchObject({ ok: true, status: 204 });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newGateway } from "../npm-start/stand.ts";
import { Cloudflare } from "./cloudflare.ts";
import { addGateway } from "./deployed.ts";
import { clone, run } from "./run.ts";

const SCRIPT = "scripts/doctor.mjs";

test("a healthy gateway passes every check, with a test event there and back that leaves nothing", async () => {
  const cloudflare = await Cloudflare.start();
  addGateway(cloudflare.account, "hookgate");
  const gateway = newGateway({ throughNpm: false });
  const [folder] = await Promise.all([clone(), gateway.start()]);
  // A route for everything: its destination must not hear of the check.
  await gateway.connect("http://127.0.0.1:9/");
  await gateway.create("routes", {
    name: "Everything",
    destination_ids: [(await gateway.api("GET", "/destinations")).body.data[0].id],
  });
  mkdirSync(`${folder}/.hookgate`);
  writeFileSync(`${folder}/.hookgate/hookgate.secrets`, `ADMIN_TOKEN=${gateway.adminToken}\n`);
  await expect.poll(async () => (await fetch(`${gateway.url}/ready`)).status, { timeout: 120_000 }).toBe(200);
  const { code, stdout, stderr } = await run(folder, SCRIPT, ["--url", gateway.url], cloudflare);
  expect(stdout).not.toContain("✗");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const title of [
    "Bindings",
    "Secrets",
    "Migrations",
    "Consumers",
    "Schedule",
    "Version",
    "Ready",
    "Test event",
  ]) {
    expect(stdout).toContain(`✓ ${title}: `);
  }
  expect(stdout).toContain("accepted, queued and recorded in");
  expect(stdout).not.toContain(gateway.adminToken);
  for (const resource of ["integrations", "destinations"]) {
    expect((await gateway.api("GET", `/${resource}`)).body.data).toHaveLength(1);
  }
  expect((await gateway.api("GET", "/deliveries")).body.data).toEqual([]);
  expect(cloudflare.changes()).toEqual([
    expect.stringMatching(/^DELETE \/r2\/buckets\/hookgate-bodies\/objects\/documents\/dst_\w+\/test\/doctor\.json$/),
  ]);
});

test("what is missing is named, each with what mends it", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  const worker = account.worker("hookgate");
  worker.bindings = worker.bindings.filter(({ name }) => name !== "DELIVERIES");
  worker.secrets.delete("MASTER_KEY");
  worker.schedules = [];
  account.buckets.clear();
  for (const queue of account.queues) queue.consumers = [];
  account.database("hookgate").sql.exec("DELETE FROM d1_migrations WHERE id = 9");
  const folder = await clone();
  const { code, stdout, stderr } = await run(folder, SCRIPT, ["--url", "http://127.0.0.1:9"], cloudflare);
  expect(code).toBe(1);
  for (const text of [
    "✗ Bindings: DELIVERIES is not bound. npm run deploy sets it.",
    "✗ Secrets: the Worker lacks MASTER_KEY.",
    "✗ Migrations: hookgate lacks 0009",
    "✗ Bucket: there is no bucket hookgate-bodies.",
    "✗ Consumers: nothing takes the messages of hookgate-events.",
    "✗ Schedule: the schedule * * * * * is missing.",
    "✗ Ready: http://127.0.0.1:9 does not respond",
    "Test event: not sent: set ADMIN_TOKEN",
  ]) {
    expect(stdout).toContain(text);
  }
  expect(stderr).toContain("9 things are wrong.");
});

test("the commands that mend another gateway than that of wrangler.toml have its name", async () => {
  const cloudflare = await Cloudflare.start();
  addGateway(cloudflare.account, "staging");
  const worker = cloudflare.account.worker("staging");
  worker.bindings = worker.bindings.filter(({ name }) => name !== "DELIVERIES");
  worker.schedules = [];
  cloudflare.account.buckets.clear();
  cloudflare.account.queues.length = 0;
  cloudflare.account.database("staging").sql.exec("DELETE FROM d1_migrations WHERE id = 9");
  const folder = await clone();
  const args = ["--name", "staging", "--url", "http://127.0.0.1:9"];
  const { stdout } = await run(folder, SCRIPT, args, cloudflare);
  expect(stdout.match(/npm run deploy -- --name staging/g)).toHaveLength(7);
  expect(stdout).not.toMatch(/npm run deploy (?!--)/);
});

test("a gateway that is not deployed has a message of its own", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const { code, stderr } = await run(folder, SCRIPT, ["--name", "staging"], cloudflare);
  expect(code).toBe(1);
  expect(stderr).toContain("The account has no gateway staging.\n\nnpm run deploy -- --name staging makes it.");
});

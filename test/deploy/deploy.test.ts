import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cloudflare } from "./cloudflare.ts";
import { SECRETS, addGateway, ownMigrations } from "./deployed.ts";
import { clone, deployIn, run } from "./run.ts";

const OWN_MIGRATIONS = ownMigrations();
const WRANGLER_TOML = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");
/** The name of a migration that the next release could bring. */
const NEXT_MIGRATION = `${String(OWN_MIGRATIONS.length + 1).padStart(4, "0")}_more.sql`;

const secretsIn = (folder: string, name: string) => join(folder, ".hookgate", `${name}.secrets`);

test("a first deployment makes everything, and a second one upgrades with the same secrets", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  const folder = await clone();
  const first = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(first.stderr).toBe("");
  expect(first.code).toBe(0);

  const worker = account.worker("hookgate");
  expect(account.boundBy("hookgate")).toMatchObject({
    DB: "hookgate",
    BODIES: "hookgate-bodies",
    EVENTS: "hookgate-events",
    DELIVERIES: "hookgate-deliveries",
    DEAD_LETTERS: "hookgate-dead-letters",
    LISTENERS: "Listener",
    ASSETS: "assets",
    ACCEPT_DURABILITY: "queue",
  });
  expect(account.consumers()).toEqual({
    "hookgate-events": "hookgate 100",
    "hookgate-deliveries": "hookgate 50",
    "hookgate-dead-letters": "hookgate 10",
  });
  expect(worker).toMatchObject({ schedules: ["* * * * *"], isOnWorkersDev: true, versions: 1, migrationTag: "v1" });
  expect(account.migrationsOf("hookgate")).toEqual(OWN_MIGRATIONS);

  const secrets = readFileSync(secretsIn(folder, "hookgate"), "utf8");
  const [token = "", key = ""] = [worker.secrets.get("ADMIN_TOKEN"), worker.secrets.get("MASTER_KEY")];
  expect(secrets).toBe(`ADMIN_TOKEN=${token}\nMASTER_KEY=${key}\n`);
  expect(statSync(secretsIn(folder, "hookgate")).mode & 0o777).toBe(0o600);
  expect(token.length).toBeGreaterThanOrEqual(32);
  expect(Buffer.from(key, "base64")).toHaveLength(32);
  for (const shown of [token, key, "https://hookgate.acme.workers.dev"]) expect(first.stdout).toContain(shown);

  const order = ["POST /d1/database", "POST /r2/buckets", "POST /queues", "PUT /workers/scripts/hookgate"];
  const places = order.map((call) => cloudflare.changes().indexOf(call));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(readFileSync(join(folder, "wrangler.toml"), "utf8")).toBe(WRANGLER_TOML);
  expect(readdirSync(folder).filter((name) => name.startsWith(".deploy"))).toEqual([]);

  const before = cloudflare.calls.length;
  const second = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(second.stderr).toBe("");
  expect(second.code).toBe(0);
  expect(second.stdout).toContain("The gateway hookgate is upgraded.");
  for (const secret of [token, key]) expect(second.stdout).not.toContain(secret);
  expect(JSON.stringify(cloudflare.calls.slice(before))).not.toContain(key);
  expect(Object.fromEntries(worker.secrets)).toEqual({ ADMIN_TOKEN: token, MASTER_KEY: key });
  expect(readFileSync(secretsIn(folder, "hookgate"), "utf8")).toBe(secrets);
  expect(worker.versions).toBe(2);
  expect(cloudflare.changes(before).filter((call) => /^POST \/(d1|r2|queues)(\/\w+)?$/.test(call))).toEqual([]);
});

test("a fresh clone upgrades a gateway without its secrets, and applies a migration before it uploads", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  const folder = await clone();
  writeFileSync(join(folder, "migrations", NEXT_MIGRATION), "CREATE TABLE more (id TEXT PRIMARY KEY) STRICT;\n");
  const { code, stdout, stderr } = await deployIn(folder, cloudflare, ["--no-wait"], { CI: "true" });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(account.migrationsOf("hookgate")).toEqual([...OWN_MIGRATIONS, NEXT_MIGRATION]);
  expect(Object.fromEntries(account.worker("hookgate").secrets)).toEqual(SECRETS);
  expect(existsSync(secretsIn(folder, "hookgate"))).toBe(false);
  const calls = cloudflare.calls.map(({ method, path, body }) => `${method} ${path} ${body?.sql ?? ""}`);
  const migrated = calls.findIndex((call) => call.includes("CREATE TABLE more"));
  const uploaded = calls.findIndex((call) => call.startsWith("POST /workers/scripts/hookgate/versions"));
  expect(migrated).toBeGreaterThan(0);
  expect(uploaded).toBeGreaterThan(migrated);
  expect(stdout).toContain(`applied ${NEXT_MIGRATION}`);
});

test("continuous integration gets no secret in its output, and is told where they are", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const { code, stdout, stderr } = await deployIn(folder, cloudflare, ["--no-wait"], { CI: "true" });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const secret of cloudflare.account.worker("hookgate").secrets.values()) {
    expect(stdout).not.toContain(secret);
    expect(readFileSync(secretsIn(folder, "hookgate"), "utf8")).toContain(secret);
  }
  expect(stdout).toContain(".hookgate/hookgate.secrets");
});

test("secrets of the environment are uploaded and not stored", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const { code, stdout, stderr } = await deployIn(folder, cloudflare, ["--no-wait"], SECRETS);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(Object.fromEntries(cloudflare.account.worker("hookgate").secrets)).toEqual(SECRETS);
  expect(existsSync(secretsIn(folder, "hookgate"))).toBe(false);
  for (const secret of Object.values(SECRETS)) expect(stdout).not.toContain(secret);
});

test("a second gateway beside the first one uses nothing of it", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  const first = JSON.stringify([account.worker("hookgate"), account.queues.slice(0, 3)]);
  const folder = await clone();
  const { code, stderr } = await deployIn(folder, cloudflare, ["--name", "staging", "--plan", "free", "--no-wait"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { ACCEPT_DURABILITY: _variable, ...bound } = account.boundBy("staging");
  expect(bound).toMatchObject({
    DB: "staging",
    BODIES: "staging-bodies",
    EVENTS: "staging-events",
    DELIVERIES: "staging-deliveries",
    DEAD_LETTERS: "staging-dead-letters",
    HOOKGATE_PLAN: "free",
  });
  expect(account.consumers()).toEqual({
    "hookgate-events": "hookgate",
    "hookgate-deliveries": "hookgate",
    "hookgate-dead-letters": "hookgate",
    "staging-events": "staging 10",
    "staging-deliveries": "staging 10",
    "staging-dead-letters": "staging 10",
  });
  expect(account.worker("staging").limits).toBeNull();
  expect(account.queues[3]?.consumers[0]?.dead_letter_queue).toBe("staging-dead-letters");
  expect(JSON.stringify([account.worker("hookgate"), account.queues.slice(0, 3)])).toBe(first);
  expect(cloudflare.changes().filter((call) => call.includes("hookgate"))).toEqual([]);
});

test("a dry run changes nothing", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const { code, stdout, stderr } = await deployIn(folder, cloudflare, ["--dry-run", "--name", "hooks"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(cloudflare.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  for (const text of [
    "would create hooks",
    "hooks-bodies",
    "hooks-dead-letters",
    "would generate ADMIN_TOKEN, MASTER_KEY",
  ]) {
    expect(stdout).toContain(text);
  }
  expect(existsSync(secretsIn(folder, "hooks"))).toBe(false);
});

test("plain wrangler commands deploy a gateway, too", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  const folder = await clone();
  account.addDatabase("hookgate");
  const file = secretsIn(folder, "hookgate");
  mkdirSync(join(folder, ".hookgate"));
  writeFileSync(file, `ADMIN_TOKEN=${SECRETS.ADMIN_TOKEN}\nMASTER_KEY=${SECRETS.MASTER_KEY}\n`);
  const wrangler = "node_modules/wrangler/bin/wrangler.js";
  const migrated = await run(folder, wrangler, ["d1", "migrations", "apply", "DB", "--remote"], cloudflare, {
    CI: "true",
  });
  expect(migrated.code, migrated.stderr).toBe(0);
  const deployed = await run(folder, wrangler, ["deploy", "--secrets-file", file], cloudflare, { CI: "true" });
  expect(deployed.code, deployed.stderr).toBe(0);
  expect(account.migrationsOf("hookgate")).toEqual(OWN_MIGRATIONS);
  expect(account.boundBy("hookgate")).toMatchObject({ DB: "hookgate", EVENTS: "hookgate-events" });
  expect(Object.fromEntries(account.worker("hookgate").secrets)).toEqual(SECRETS);
  // npm run deploy finds the same gateway.
  const upgraded = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect({ code: upgraded.code, stderr: upgraded.stderr }).toEqual({ code: 0, stderr: "" });
  expect(account.databases).toHaveLength(1);
  expect(account.queues).toHaveLength(3);
});

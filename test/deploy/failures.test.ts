import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ApiFault } from "./answers.ts";
import { Cloudflare } from "./cloudflare.ts";
import { SECRETS, addGateway, ownMigrations } from "./deployed.ts";
import { clone, deployIn } from "./run.ts";

const FAILED_MIGRATION = "9999_failing.sql";

test("a deployment that lacks permissions names them, and continues when it has them", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  const folder = await clone();

  const permitQueues = cloudflare.refuse("POST", /^\/queues$/);
  const first = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain("Queues: Edit");
  expect(first.stderr).toContain("Done:     Account, Name, Build, Database, Migrations, Bucket\n");
  expect(first.stderr).toContain("Not done: Queues, Secrets, Worker\n");
  expect(first.stderr).toContain("No gateway runs yet.");
  expect(first.stderr).toContain("npm run deploy -- --no-wait");
  permitQueues();

  const permitUpload = cloudflare.refuse("PUT", /^\/workers\/scripts\/hookgate$/);
  const second = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("Workers Scripts: Edit");
  expect(second.stderr).toContain("Not done: Worker\n");
  permitUpload();

  const third = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect({ code: third.code, stderr: third.stderr }).toEqual({ code: 0, stderr: "" });
  expect(account.databases).toHaveLength(1);
  expect(account.queues).toHaveLength(3);
  expect(account.worker("hookgate").versions).toBe(1);
  // The first two runs ended before they could show the secrets that they made.
  expect(third.stdout).toContain(account.worker("hookgate").secrets.get("ADMIN_TOKEN"));
});

test("a MASTER_KEY of the environment is not ignored because the machine has another one", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  mkdirSync(join(folder, ".hookgate"));
  const stored = `ADMIN_TOKEN=${SECRETS.ADMIN_TOKEN}\nMASTER_KEY=${SECRETS.MASTER_KEY}\n`;
  writeFileSync(join(folder, ".hookgate/hookgate.secrets"), stored);
  const other = Buffer.alloc(32, 9).toString("base64");
  const args = ["--dry-run"];
  const { code, stderr } = await deployIn(folder, cloudflare, args, { MASTER_KEY: other });
  expect(code).toBe(1);
  expect(stderr).toContain("MASTER_KEY of the environment is another one than that of");
  for (const key of [other, SECRETS.MASTER_KEY]) expect(stderr).not.toContain(key);
  const same = await deployIn(folder, cloudflare, args, { MASTER_KEY: SECRETS.MASTER_KEY });
  expect({ code: same.code, stderr: same.stderr }).toEqual({ code: 0, stderr: "" });
});

test("a failed migration leaves the deployed version as it is, and a corrected one is applied", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  const folder = await clone();
  const file = join(folder, "migrations", FAILED_MIGRATION);
  writeFileSync(file, "CREATE TABLE more (id TEXT);\nINSERT INTO nowhere VALUES (1);\n");

  const first = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain("no such table: nowhere");
  expect(first.stderr).toContain("Not done: Migrations, Bucket, Queues, Secrets, Worker\n");
  expect(first.stderr).toContain("The version that was deployed before runs unchanged.");
  expect(account.worker("hookgate").versions).toBe(1);
  expect(account.migrationsOf("hookgate")).toEqual(ownMigrations());

  rmSync(file);
  const second = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
  expect(account.worker("hookgate").versions).toBe(2);
});

test("a MASTER_KEY is not generated for a database that has keys", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  account.workers.clear();
  account.queues.length = 0;
  account
    .database("hookgate")
    .sql.exec(
      "INSERT INTO keys (purpose, id, created_at, wraps) VALUES ('seal', 'k1', '2026-11-20T10:00:00.000Z', '{}')",
    );
  const folder = await clone();
  const dry = await deployIn(folder, cloudflare, ["--dry-run"]);
  expect(dry.stderr).toContain("Set MASTER_KEY in the environment");
  const first = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain("Set MASTER_KEY in the environment");
  expect(account.workers.size).toBe(0);

  const second = await deployIn(folder, cloudflare, ["--no-wait"], { MASTER_KEY: SECRETS.MASTER_KEY });
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
  expect(account.worker("hookgate").secrets.get("MASTER_KEY")).toBe(SECRETS.MASTER_KEY);
});

describe("what belongs to something else is left as it is", () => {
  test.each([
    [
      "a Worker",
      (cloudflare: Cloudflare) => cloudflare.account.addWorker("shop", [{ type: "d1", name: "ORDERS", id: "1" }]),
      "a Worker with the name shop that is no gateway",
    ],
    [
      "a queue",
      (cloudflare: Cloudflare) => cloudflare.account.addQueue("shop-events", "other"),
      "The queue shop-events belongs to the Worker other",
    ],
    [
      "a database",
      (cloudflare: Cloudflare) => cloudflare.account.addDatabase("shop").sql.exec("CREATE TABLE orders (id TEXT)"),
      "a database with the name shop that is not a gateway's",
    ],
    [
      "a database of another gateway",
      ({ account }: Cloudflare) => {
        addGateway(account, "orders");
        const { uuid } = account.database("orders");
        account.databases[0] = { ...account.database(uuid), name: "shop" };
      },
      "The database shop belongs to the gateway orders",
    ],
    [
      "a host",
      (cloudflare: Cloudflare) => cloudflare.account.domains.set("hooks.example.com", "other"),
      "hooks.example.com belongs to the Worker other",
    ],
  ])("%s", async (_what, occupy, message) => {
    const cloudflare = await Cloudflare.start();
    occupy(cloudflare);
    const folder = await clone();
    const args = ["--name", "shop", "--domain", "hooks.example.com", "--no-wait"];
    const { code, stderr } = await deployIn(folder, cloudflare, args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/Choose another (?:name|host)/);
    const dry = await deployIn(folder, cloudflare, [...args, "--dry-run"]);
    expect(dry.code).toBe(1);
    expect(dry.stderr).toContain(message);
    expect(cloudflare.changes()).toEqual([]);
  });
});

test("a host with a DNS record of its own keeps it", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  account.dnsRecords.add("www.example.com");
  const folder = await clone();
  const { code, stderr } = await deployIn(folder, cloudflare, ["--domain", "www.example.com", "--no-wait"]);
  expect(code).toBe(1);
  expect(stderr).toContain("www.example.com has a DNS record that leads elsewhere. It is left as it is.");
  expect(stderr).toContain("Not done: Domain\n");
  expect(account.domains.size).toBe(0);
  // Senders keep the address that they have.
  expect(account.worker("hookgate").isOnWorkersDev).toBe(true);
});

test("an account without a workers.dev subdomain, and an invalid token, are told what to do", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const open = cloudflare.refuse("GET", /^\/workers\/subdomain$/, new ApiFault(404, 10_007, "No subdomain"));
  const first = await deployIn(folder, cloudflare, []);
  expect(first.stderr).toContain("The account has no workers.dev subdomain yet.");
  expect(first.stderr).toContain("--domain");
  open();

  cloudflare.refuse("GET", /^\/workers\/services/, new ApiFault(401, 10_000, "Authentication error"));
  const second = await deployIn(folder, cloudflare, []);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("https://dash.cloudflare.com/profile/api-tokens");
  expect(second.stderr).toContain("Nothing was changed.");
  expect(second.stderr).not.toContain("What was done stays");
  expect(cloudflare.changes()).toEqual([]);

  const third = await deployIn(folder, cloudflare, [], { CLOUDFLARE_API_TOKEN: "" });
  expect(third.code).toBe(1);
  expect(third.stderr).toContain("You are not signed in to Cloudflare.");
  expect(third.stderr).toContain("npx wrangler login");
});

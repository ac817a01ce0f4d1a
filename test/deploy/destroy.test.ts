import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Cloudflare } from "./cloudflare.ts";
import { addGateway } from "./deployed.ts";
import { clone, run } from "./run.ts";

const SCRIPT = "scripts/destroy.mjs";

test("a gateway is deleted after its name is entered, and the one beside it stays", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "hookgate");
  addGateway(account, "staging");
  account.domains.set("staging.example.com", "staging");
  const bodies = account.buckets.get("staging-bodies");
  for (const key of ["events/a b/1", "events/2", "documents/3"]) bodies?.set(key, Buffer.from("{}"));
  const folder = await clone();
  mkdirSync(`${folder}/.hookgate`);
  writeFileSync(`${folder}/.hookgate/staging.secrets`, "ADMIN_TOKEN=adm_of-staging-and-nothing-else\n");

  const refused = await run(folder, SCRIPT, ["--name", "staging"], cloudflare, {}, "hookgate\n");
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain("bucket    staging-bodies");
  expect(refused.stderr).toContain("Nothing was deleted.");
  expect(cloudflare.changes()).toEqual([]);

  const permit = cloudflare.refuse("DELETE", /^\/r2\//);
  const failed = await run(folder, SCRIPT, ["--name", "staging"], cloudflare, {}, "staging\n");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("Workers R2 Storage: Edit");
  expect(failed.stderr).toContain("Done:     Account, Name, Worker, Queues\nNot done: Bucket, Database");
  permit();

  const continued = await run(folder, SCRIPT, ["--name", "staging", "--yes"], cloudflare);
  expect({ code: continued.code, stderr: continued.stderr }).toEqual({ code: 0, stderr: "" });
  expect(continued.stdout).toContain(".hookgate/staging.secrets stays");
  expect([...account.workers.keys()]).toEqual(["hookgate"]);
  expect(account.databases.map(({ name }) => name)).toEqual(["hookgate"]);
  expect([...account.buckets.keys()]).toEqual(["hookgate-bodies"]);
  expect(Object.keys(account.consumers())).toEqual(["hookgate-events", "hookgate-deliveries", "hookgate-dead-letters"]);
  expect(account.domains.size).toBe(0);
  expect(cloudflare.changes().filter((call) => call.includes("hookgate"))).toEqual([]);

  const again = await run(folder, SCRIPT, ["--name", "staging"], cloudflare);
  expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
  expect(again.stdout).toContain("The account has nothing of a gateway staging.");
});

test("a Worker that is no gateway is not deleted", async () => {
  const cloudflare = await Cloudflare.start();
  cloudflare.account.addWorker("shop", [{ type: "d1", name: "ORDERS", id: "1" }]);
  const folder = await clone();
  const { code, stderr } = await run(folder, SCRIPT, ["--name", "shop", "--yes"], cloudflare);
  expect(code).toBe(1);
  expect(stderr).toContain("that is no gateway");
  expect(cloudflare.changes()).toEqual([]);
});

test("the database of another gateway is not deleted with a gateway of its name", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  addGateway(account, "orders");
  account.databases[0] = { ...account.database("orders"), name: "shop" };
  const folder = await clone();
  const { code, stderr } = await run(folder, SCRIPT, ["--name", "shop", "--yes"], cloudflare);
  expect(code).toBe(1);
  expect(stderr).toContain("The database shop belongs to the gateway orders");
  expect(cloudflare.changes()).toEqual([]);
});

import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cloudflare } from "./cloudflare.ts";
import { SECRETS, addGateway } from "./deployed.ts";
import { clone, deployIn, run, start } from "./run.ts";

test("a deployment that is interrupted says what is done", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const reached = cloudflare.hang("POST", /^\/queues$/);
  const { end, finished } = start(folder, "scripts/deploy.mjs", ["--no-wait"], cloudflare);
  await reached;
  end("SIGINT");
  const { code, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain("The deployment was interrupted.");
  expect(stderr).toContain("Done:     Account, Name, Build, Database, Migrations, Bucket\n");
  expect(stderr).toContain("Not done: Queues, Secrets, Worker\n");
  expect(stderr).toContain("npm run deploy -- --no-wait");
  expect(readdirSync(folder).filter((name) => name.startsWith(".deploy-"))).toEqual([]);
});

test("a deployment that is interrupted before it changes anything says so", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const reached = cloudflare.hang("GET", /./);
  const { end, finished } = start(folder, "scripts/deploy.mjs", ["--no-wait"], cloudflare);
  await reached;
  end("SIGINT");
  const { code, stderr } = await finished;
  expect(code).toBe(130);
  expect(stderr).toContain("Nothing was changed.");
});

test("a deletion that is interrupted says what is deleted, and continues", async () => {
  const cloudflare = await Cloudflare.start();
  addGateway(cloudflare.account, "staging");
  const folder = await clone();
  const args = ["--name", "staging", "--yes"];
  const reached = cloudflare.hang("DELETE", /^\/queues\/[^/]+$/);
  const { end, finished } = start(folder, "scripts/destroy.mjs", args, cloudflare);
  await reached;
  end("SIGINT");
  const first = await finished;
  expect(first.code).toBe(130);
  expect(first.stderr).toContain("The deletion was interrupted.");
  expect(first.stderr).toContain("Done:     Account, Name, Worker\nNot done: Queues, Bucket, Database");
  cloudflare.answer();
  const second = await run(folder, "scripts/destroy.mjs", args, cloudflare);
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
  expect(cloudflare.account.databases).toEqual([]);
});

test("a deletion waits for the deployment that runs from its checkout", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const reached = cloudflare.hang("POST", /^\/queues$/);
  const deployment = start(folder, "scripts/deploy.mjs", ["--no-wait"], cloudflare);
  await reached;
  const deletion = start(folder, "scripts/destroy.mjs", ["--name", "hookgate", "--yes"], cloudflare);
  await deletion.shows("Waiting until it has ended.");
  cloudflare.answer();
  deployment.end("SIGKILL");
  await deployment.finished;
  expect(await deletion.finished).toMatchObject({ code: 0, stderr: "" });
  expect(cloudflare.account.databases).toEqual([]);
});

test("a secrets file that others can read is closed to them", async () => {
  const cloudflare = await Cloudflare.start();
  const folder = await clone();
  const file = join(folder, ".hookgate/hookgate.secrets");
  mkdirSync(join(folder, ".hookgate"));
  writeFileSync(file, `ADMIN_TOKEN=${SECRETS.ADMIN_TOKEN}\nMASTER_KEY=${SECRETS.MASTER_KEY}\n`);
  chmodSync(file, 0o644);
  const { code, stdout } = await deployIn(folder, cloudflare, ["--no-wait"]);
  expect(code).toBe(0);
  expect(stdout).toContain("others could read .hookgate/hookgate.secrets; now only its owner can");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

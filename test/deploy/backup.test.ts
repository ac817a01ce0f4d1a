import { hkdfSync } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, newGateway } from "../npm-start/stand.ts";
import type { Account } from "./account.ts";
import { Cloudflare } from "./cloudflare.ts";
import { SECRETS, addGateway } from "./deployed.ts";
import { clone, run } from "./run.ts";

/** More than a row holds, so that the event is an object. */
const LARGE = "x".repeat(200_000);
/** By which the keys of a gateway name SECRETS.MASTER_KEY. */
const ID_OF_MASTER_KEY = Buffer.from(
  hkdfSync("sha256", Buffer.from(SECRETS.MASTER_KEY, "base64"), Buffer.alloc(0), "hookgate key id", 4),
).toString("hex");
const BACKUP = "scripts/backup.mjs";
const RESTORE = "scripts/restore.mjs";

const alert = (id: string, description: string) => ({
  event_type: "create",
  Id: id,
  Title: id,
  Description: description,
});

test("a local gateway is restored into an empty folder, and its secrets work with the same MASTER_KEY only", async () => {
  const cloudflare = await Cloudflare.start();
  const receiver = new Receiver();
  onTestFinished(() => receiver.stop());
  const first = newGateway({ throughNpm: false });
  const [folder] = await Promise.all([clone(), first.start(), receiver.start()]);
  const { integration, destination, token } = await first.connect(receiver.url);
  receiver.secret = destination.signing_secret;
  for (const [id, text] of [
    ["small", "A short text"],
    ["large", LARGE],
  ] as const) {
    expect((await first.post(integration, token, alert(id, text))).status).toBe(200);
  }
  await expect.poll(() => receiver.arrivals.length, WITHIN).toBe(2);
  const delivered = "/deliveries?status=delivered";
  await expect.poll(async () => (await first.api("GET", delivered)).body.data.length, WITHIN).toBe(2);
  const lists = ["/integrations", "/destinations", "/routes", "/events", "/alerts", "/deliveries"];
  const before = await Promise.all(lists.map(async (list) => (await first.api("GET", list)).body.data));
  const largeId = before[3].find(({ title }: { readonly title: string }) => title === "large").id;

  const file = join(folder, "saved.backup.gz");
  const running = await run(folder, BACKUP, ["--persist-to", first.folder, "--out", file], cloudflare);
  expect(running.code).toBe(1);
  expect(running.stderr).toContain("Another gateway is using");
  await first.end("SIGTERM");
  const saved = await run(folder, BACKUP, ["--persist-to", first.folder, "--out", file], cloudflare);
  expect({ code: saved.code, stderr: saved.stderr }).toEqual({ code: 0, stderr: "" });
  expect(saved.stdout).toContain("and 1 objects");
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const second = newGateway({ throughNpm: false });
  const args = [file, "--persist-to", second.folder];
  const refused = await run(folder, RESTORE, args, cloudflare, { MASTER_KEY: second.masterKey });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("another MASTER_KEY");
  const unknown = await run(folder, RESTORE, args, cloudflare);
  expect(unknown.stderr).toContain("Set MASTER_KEY in the environment");

  const restored = await run(folder, RESTORE, args, cloudflare, { MASTER_KEY: first.masterKey });
  expect({ code: restored.code, stderr: restored.stderr }).toEqual({ code: 0, stderr: "" });
  second.masterKey = first.masterKey;
  second.port = first.port; // URLs of integrations have it
  await second.start();
  const after = await Promise.all(lists.map(async (list) => (await second.api("GET", list)).body.data));
  expect(after).toEqual(before);
  expect((await second.api("GET", `/events/${largeId}`)).body.payload.Description).toBe(LARGE);
  // The token of the sender and the signing secret of the destination are usable. The receiver checks the signature.
  expect((await second.post(integration, token, alert("after", "After the restore"))).status).toBe(200);
  await expect.poll(() => receiver.arrivals.length, WITHIN).toBe(3);
  expect(receiver.arrivals.map(({ verified }) => verified)).toEqual([true, true, true]);
  expect((await second.post(integration, "wrong", alert("after", ""))).status).toBe(403);

  await second.end("SIGTERM");
  const again = await run(folder, RESTORE, args, cloudflare, { MASTER_KEY: first.masterKey });
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("is not empty: it has integrations. Nothing was changed.");
  const replaced = await run(folder, RESTORE, [...args, "--replace"], cloudflare, { MASTER_KEY: first.masterKey });
  expect({ code: replaced.code, stderr: replaced.stderr }).toEqual({ code: 0, stderr: "" });

  writeFileSync(file, readFileSync(file).subarray(0, 2000));
  const cut = await run(folder, RESTORE, [...args, "--replace"], cloudflare, { MASTER_KEY: first.masterKey });
  expect(cut.code).toBe(1);
  expect(cut.stderr).toContain("saved.backup.gz");
});

function rowsOf(account: Account, database: string, table: string): unknown[] {
  return account.database(database).sql.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all();
}

test("a deployed gateway is restored into another one, rows and objects", async () => {
  const cloudflare = await Cloudflare.start();
  const { account } = cloudflare;
  const folder = await clone();
  addGateway(account, "hookgate");
  addGateway(account, "copy");
  for (const database of ["hookgate", "copy"]) account.database(database).sql.exec("DELETE FROM config_revision");
  // Some rows as a gateway has them, more than a page of small ones, and a row that is too long for a group.
  const { sql } = account.database("hookgate");
  sql.exec("INSERT INTO config_revision (id, revision) VALUES (1, 41)");
  const wraps = JSON.stringify({ [ID_OF_MASTER_KEY]: "wrapped" });
  sql
    .prepare("INSERT INTO keys (purpose, id, created_at, wraps) VALUES ('seal', 'k1', '2026-11-20T10:00:00.000Z', ?)")
    .run(wraps);
  sql.exec(
    "INSERT INTO dead_letters (id, queue, message, received_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) SELECT printf('dl_%04d', i), 'q', 'it''s bad, and \\ has no end', '2026-11-20T10:00:00.000Z' FROM n",
  );
  sql.prepare("UPDATE dead_letters SET message = ? WHERE id = 'dl_0007'").run("ü".repeat(400_000));
  const objects = account.buckets.get("hookgate-bodies");
  for (let number = 0; number < 3; number++) objects?.set(`events/2026 11/${number}`, Buffer.from(`{"n":${number}}`));

  const file = join(folder, "saved.backup.gz");
  const saved = await run(folder, BACKUP, ["--out", file], cloudflare);
  expect({ code: saved.code, stderr: saved.stderr }).toEqual({ code: 0, stderr: "" });
  expect(saved.stdout).toContain("and 3 objects of hookgate");
  expect(cloudflare.changes()).toEqual([]);
  const other = { MASTER_KEY: Buffer.alloc(32, 9).toString("base64") };
  const unopened = await run(folder, RESTORE, [file, "--name", "copy"], cloudflare, other);
  expect(unopened.code).toBe(1);
  // Without its name, the command would change the secret of the gateway of wrangler.toml.
  expect(unopened.stderr).toContain("npx wrangler secret put MASTER_KEY --name copy");
  const restored = await run(folder, RESTORE, [file, "--name", "copy"], cloudflare, SECRETS);
  expect({ code: restored.code, stderr: restored.stderr }).toEqual({ code: 0, stderr: "" });
  expect(restored.stdout).toContain("npm run deploy -- --name copy");
  expect(rowsOf(account, "copy", "dead_letters")).toEqual(rowsOf(account, "hookgate", "dead_letters"));
  expect(rowsOf(account, "copy", "config_revision")).toMatchObject([{ id: 1, revision: 42 }]);
  expect(account.buckets.get("copy-bodies")).toEqual(objects);

  const changes = cloudflare.changes().length;
  const again = await run(folder, RESTORE, [file, "--name", "copy"], cloudflare, SECRETS);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("is not empty: it has dead_letters. Nothing was changed.");
  const bytes = readFileSync(file);
  for (const cut of [bytes.subarray(0, bytes.length - 200), bytes.subarray(0, 50), Buffer.from("hello")]) {
    writeFileSync(file, cut);
    const refused = await run(folder, RESTORE, [file, "--name", "copy", "--replace"], cloudflare, SECRETS);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("saved.backup.gz cannot be read as a backup");
    expect(refused.stderr).toContain("Nothing was changed.");
  }
  expect(cloudflare.changes()).toHaveLength(changes);
  expect(rowsOf(account, "copy", "dead_letters")).toHaveLength(450);
});

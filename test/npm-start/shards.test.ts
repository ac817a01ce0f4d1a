import { DatabaseSync } from "node:sqlite";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Gateway } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, newGateway } from "./stand.ts";

const SHARDS = ["--shards", "2"];
const EVENTS = 60;
const KILLED_AFTER = 40;

/** How many events a database holds; none where it is another's. */
function countEvents(file: string): number[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const isOurs = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'events'").get() !== undefined;
  const counts = isOurs ? [Number(db.prepare("SELECT COUNT(*) AS n FROM events").get()?.["n"])] : [];
  db.close();
  return counts;
}

/** How many events each of the databases below a folder holds. */
function eventsIn(folder: string): number[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sqlite"));
  return files.flatMap((name) => countEvents(join(folder, name)));
}

/** Posts events to one integration after the other until the gateway is killed; the ids of those that were accepted. */
async function postUntilKilled(gateway: Gateway, integrations: readonly { id: string }[]): Promise<string[]> {
  const accepted: string[] = [];
  const kills: Promise<void>[] = [];
  const lane = async (lanes: number, first: number): Promise<void> => {
    for (let number = first; number < EVENTS; number += lanes) {
      const integration = integrations[number % integrations.length];
      if (integration === undefined) return;
      const body = { event_type: "create", Id: `alert-${number}`, Title: `Alert ${number}` };
      // Once it is killed nothing answers any more: the sender knows that these were not taken.
      const answer = await gateway.post(integration, "", body).catch(() => null);
      if (answer?.status === 200) accepted.push(answer.body.id);
      if (accepted.length >= KILLED_AFTER && kills.length === 0) kills.push(gateway.end("SIGKILL"));
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, first) => lane(8, first)));
  await Promise.all(kills);
  return accepted;
}

test("with two shards what was answered 200 is delivered from both, although the gateway is killed meanwhile", async () => {
  const gateway = newGateway();
  const receiver = new Receiver();
  onTestFinished(() => receiver.stop());
  await Promise.all([gateway.start(SHARDS), receiver.start()]);
  const destination = await gateway.create("destinations", { name: "Receiver", type: "webhook", url: receiver.url });
  receiver.secret = destination.signing_secret;
  const integrations = [];
  for (const shard of [0, 1]) {
    const integration = await gateway.add(destination, { name: `Shard ${shard}`, type: "pagertree", shard });
    expect(integration.shard).toBe(shard);
    integrations.push(integration);
  }

  const accepted = await postUntilKilled(gateway, integrations);
  expect(accepted.length).toBeGreaterThanOrEqual(KILLED_AFTER);
  await gateway.start(SHARDS);
  await vi.waitFor(() => {
    const arrived = new Set(receiver.arrivals.map(({ data }) => data.event.id));
    expect(accepted.filter((id) => !arrived.has(id))).toEqual([]);
  }, WITHIN);
  expect(receiver.arrivals.every(({ verified }) => verified)).toBe(true);

  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/reconciliation");
    expect(body).toMatchObject({ balanced: true, pending: 0, outbox: 0, dead: 0 });
  }, WITHIN);
  const { body } = await gateway.api("GET", "/events?limit=250");
  const listed = body.data.map(({ id }: { id: string }) => id);
  expect(accepted.filter((id) => !listed.includes(id))).toEqual([]);
  expect(listed).toEqual(listed.toSorted().toReversed());

  await gateway.end("SIGTERM");
  const counts = eventsIn(gateway.folder);
  expect(counts).toHaveLength(2);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(listed.length);
});

test("an integration of a shard that is started no more has its senders come again", async () => {
  const gateway = newGateway();
  await gateway.start(SHARDS);
  const integration = await gateway.create("integrations", { name: "Second", type: "pagertree", shard: 1 });
  await gateway.end("SIGTERM");
  await gateway.start();
  const body = { event_type: "create", Id: "disk", Title: "Disk" };
  expect((await gateway.post(integration, "", body)).status).toBe(503);
  expect((await gateway.api("POST", "/integrations", { name: "a", type: "catch", shard: 1 })).status).toBe(400);
  await gateway.end("SIGTERM");
  await gateway.start(SHARDS);
  expect((await gateway.post(integration, "", body)).status).toBe(200);
});

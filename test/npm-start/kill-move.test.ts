import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { Gateway } from "../../scripts/drive/gateway.mjs";
import { SEED, runs } from "../support/runs.ts";
import { standUp, verifyLog } from "./stand.ts";

// Events move to segments while others arrive, and the gateway is killed in between: when an object has just been written, or soon after.

const FULL_ROUNDS = 12;
const ROUNDS = runs(FULL_ROUNDS);
/** No round begins after so much time: a busy machine has fewer rounds, and says so. */
const ROUNDS_MS = 900_000;
const SENDERS = 4;
const PAUSE_MS = 200;
/** An event is counted when it is a minute old, and moves after that. */
const UNTIL_COLD_MS = 240_000;
const UNTIL_STILL = { timeout: 300_000, interval: 1_000 };

type Target = Awaited<ReturnType<typeof standUp>>;

/** The files of objects in R2 that a gateway has in its folder. */
function objectFiles({ folder }: Gateway): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Set(files.filter((name) => name.includes("r2") && name.includes("blobs")));
}

/** Sends events until the returned function is called, which returns the ids that were accepted. */
function flowInto({ gateway, integration, token }: Target, name: string): () => Promise<string[]> {
  const accepted: string[] = [];
  let isOver = false;
  let next = 0;
  const send = async (): Promise<void> => {
    while (!isOver) {
      const number = next++;
      const body = {
        event_type: number % 3 === 2 ? "resolve" : "create",
        Id: `${name}-${Math.floor(number / 3)}`,
        Title: name,
      };
      // A killed gateway answers nothing, so the sender knows that the event was not accepted.
      const answer = await gateway.post(integration, token, body).catch(() => null);
      if (answer?.status === 200) accepted.push(answer.body.id);
      await sleep(PAUSE_MS);
    }
  };
  const senders = Array.from({ length: SENDERS }, send);
  return async () => {
    isOver = true;
    await Promise.all(senders);
    return accepted;
  };
}

/** Waits until an object is written, and kills the gateway so many ms later. Returns whether one was. */
async function killAtMove(gateway: Gateway, afterMs: number): Promise<boolean> {
  const before = objectFiles(gateway);
  for (const until = Date.now() + UNTIL_COLD_MS; Date.now() < until; await sleep(2)) {
    if ([...objectFiles(gateway)].every((file) => before.has(file))) continue;
    await sleep(afterMs);
    await gateway.end("SIGKILL");
    return true;
  }
  return false;
}

async function everyEvent(gateway: Gateway): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await gateway.api("GET", `/events?limit=250${cursor === "" ? "" : `&cursor=${cursor}`}`);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
  }
  return ids;
}

/** The file with a table, below the folder of a stopped gateway. */
function databaseWith(gateway: Gateway, part: string, table: string): DatabaseSync {
  const files = readdirSync(gateway.folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".sqlite") && name.includes(part))) {
    const db = new DatabaseSync(join(gateway.folder, file));
    const found = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
    if (found !== undefined) return db;
    db.close();
  }
  throw new Error(`No database has the table ${table}.`);
}

/**
 * Has two hours pass for a stopped gateway: the lease of a mover that was killed is over, so that the move goes on at once, and objects are
 * so old that maintenance deletes those that no segment names.
 */
function passTime(gateway: Gateway): void {
  const bucket = databaseWith(gateway, "r2", "_mf_objects");
  bucket.exec("UPDATE _mf_objects SET uploaded = uploaded - 7200000");
  bucket.close();
  const shard = databaseWith(gateway, "d1", "maintenance_tasks");
  shard.exec(`UPDATE maintenance_tasks SET next_at = 0
    WHERE task IN ('segments', 'segments_small', 'retention', 'retention_round')`);
  shard.close();
}

function objectsAndNamed(gateway: Gateway): {
  readonly objects: readonly unknown[];
  readonly named: readonly unknown[];
} {
  const bucket = databaseWith(gateway, "r2", "_mf_objects");
  const objects = bucket.prepare("SELECT key FROM _mf_objects WHERE key LIKE 'segments/%' ORDER BY key").all();
  bucket.close();
  const shard = databaseWith(gateway, "d1", "segments");
  const named = shard.prepare("SELECT object_key AS key FROM segments ORDER BY object_key").all();
  shard.close();
  return { objects, named };
}

test("a gateway that is killed while events move has each of them once, and no object too many", async () => {
  const target = await standUp({ HOT_HOURS: "0" });
  const { gateway, receiver } = target;
  const accepted: string[] = [];
  const began = Date.now();
  let rounds = 0;
  while (rounds < ROUNDS && (rounds === 0 || Date.now() - began < ROUNDS_MS)) {
    rounds += 1;
    const round = rounds;
    const stop = flowInto(target, `round-${round}`);
    expect(await killAtMove(gateway, (SEED * round) % 30), `a move in round ${round}`).toBe(true);
    accepted.push(...(await stop()));
    passTime(gateway);
    await gateway.start();
  }
  if (rounds < ROUNDS) process.stdout.write(`kill-move.test.ts: ${rounds} of ${ROUNDS} rounds, no time for more.\n`);
  expect(accepted.length).toBeGreaterThan(0);

  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/reconciliation");
    expect(body).toMatchObject({ balanced: true, pending: 0, outbox: 0, dead: 0, missing: 0 });
  }, UNTIL_STILL);
  const listed = await everyEvent(gateway);
  expect(new Set(listed).size).toBe(listed.length);
  expect(accepted.filter((id) => !listed.includes(id))).toEqual([]);
  const deliveriesOf = Map.groupBy(receiver.arrivals, ({ data }) => data.event.id);
  for (const arrivals of deliveriesOf.values()) expect(new Set(arrivals.map(({ id }) => id)).size).toBe(1);

  // The rest moves, too.
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/segments?limit=250");
    const moved = body.data.reduce((sum: number, { events }: { events: number }) => sum + events, 0);
    expect(moved).toBe(listed.length);
  }, UNTIL_STILL);
  expect(await verifyLog(gateway)).toMatchObject({ faults: [] });
  expect((await everyEvent(gateway)).toSorted()).toEqual(listed.toSorted());

  const until = Date.now() + UNTIL_STILL.timeout;
  let left = objectsAndNamed(gateway);
  while (JSON.stringify(left.objects) !== JSON.stringify(left.named) && Date.now() < until) {
    await sleep(UNTIL_STILL.interval);
    left = objectsAndNamed(gateway);
  }
  expect(left.objects).toEqual(left.named);
  expect((await gateway.api("GET", "/reconciliation")).body).toMatchObject({ balanced: true });
}, 1_800_000);

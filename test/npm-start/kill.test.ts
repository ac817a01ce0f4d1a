import { expect, test, vi } from "vitest";
import type { Gateway } from "../../scripts/drive/gateway.mjs";
import { SEED, runs } from "../support/runs.ts";
import { standUp } from "./stand.ts";

const FULL_ROUNDS = 20;
const ROUNDS = runs(FULL_ROUNDS);
/** No round begins after so much time: a busy machine has fewer rounds, and says so. */
const ROUNDS_MS = 20_000 * ROUNDS;
const EVENTS_A_ROUND = 120;
const SENDERS = 16;

type Target = { readonly gateway: Gateway; readonly integration: { readonly id: string }; readonly token: string };

/** How many events of a round are accepted before the gateway is killed: another number in each. */
function killAfter(round: number): number {
  return 5 + ((SEED + round * 37) % 80);
}

/** Posts the events of a round from several senders, kills the gateway half-way, and returns the ids that it accepted. */
async function postUntilKilled({ gateway, integration, token }: Target, round: number): Promise<string[]> {
  const accepted: string[] = [];
  let next = 0;
  const kills: Promise<void>[] = [];
  const send = async (): Promise<void> => {
    while (next < EVENTS_A_ROUND) {
      const number = next++;
      const body = { event_type: "create", Id: `round-${round}-${number}`, Title: `Event ${number}` };
      // A killed gateway answers nothing, so the sender knows that the event was not accepted.
      const answer = await gateway.post(integration, token, body).catch(() => null);
      if (answer?.status === 200) accepted.push(answer.body.id);
      if (accepted.length >= killAfter(round) && kills.length === 0) kills.push(gateway.end("SIGKILL"));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  await Promise.all(kills);
  return accepted;
}

/** The events that the gateway does not know. */
async function unknownOf(gateway: Gateway, ids: readonly string[]): Promise<string[]> {
  const unknown: string[] = [];
  for (const id of ids) if ((await gateway.api("GET", `/events/${id}`)).status === 404) unknown.push(id);
  return unknown;
}

test("what was answered 200 is delivered although the gateway is killed under load, time and again", async () => {
  const { receiver, ...target } = await standUp();
  const { gateway } = target;

  const began = Date.now();
  const accepted: string[] = [];
  let rounds = 0;
  while (rounds < ROUNDS && (rounds === 0 || Date.now() - began < ROUNDS_MS)) {
    rounds += 1;
    const taken = await postUntilKilled(target, rounds);
    expect(taken.length, `in round ${rounds}`).toBeGreaterThanOrEqual(killAfter(rounds));
    accepted.push(...taken);
    await gateway.start();
  }
  const spent = Date.now() - began;
  if (rounds < ROUNDS) {
    process.stdout.write(
      `kill.test.ts: ${rounds} of ${ROUNDS} rounds in ${Math.round(spent / 1_000)} s, no time for more.\n`,
    );
  }

  // What is left is delivered in a fraction of a round, however slow the machine is.
  const within = { timeout: Math.max(60_000, (10 * spent) / rounds), interval: 500 };
  await vi.waitFor(() => {
    const arrived = new Set(receiver.arrivals.map(({ data }) => data.event.id));
    expect(accepted.filter((id) => !arrived.has(id))).toEqual([]);
  }, within);
  expect(receiver.arrivals.every(({ verified }) => verified)).toBe(true);
  const deliveriesOf = new Map(receiver.arrivals.map(({ id, data }) => [data.event.id, id]));
  expect(receiver.arrivals.every(({ id, data }) => deliveriesOf.get(data.event.id) === id)).toBe(true);

  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/reconciliation");
    expect(body).toMatchObject({ balanced: true, pending: 0, outbox: 0, dead: 0 });
    expect(body.accepted).toBeGreaterThanOrEqual(accepted.length);
  }, within);
}, 1_800_000);

// Without the outbox a local queue, which is kept in memory, is all that has an accepted event.
test.runIf(ROUNDS === FULL_ROUNDS)(
  "the same kills lose events where only the queue has them",
  async () => {
    const { receiver: _, ...target } = await standUp({ ACCEPT_DURABILITY: "queue" });
    const lost: string[] = [];
    for (let round = 1; round <= ROUNDS && lost.length === 0; round++) {
      const taken = await postUntilKilled(target, round);
      await target.gateway.start();
      lost.push(...(await unknownOf(target.gateway, taken)));
    }
    expect(lost).not.toEqual([]);
  },
  1_800_000,
);

import { expect, test, vi } from "vitest";
import type { Gateway } from "../../scripts/drive/gateway.mjs";
import { standUp } from "./stand.ts";

const ROUNDS = 20;
const EVENTS_A_ROUND = 120;
const LANES = 16;

/** How many events of a round are accepted before the gateway is killed: another number in each. */
function killAfter(round: number): number {
  return 5 + ((round * 37) % 80);
}

/** Posts the events of a round from several lanes, has the gateway killed half-way, and answers the ids it accepted. */
async function postUntilKilled(
  gateway: Gateway,
  round: number,
  integration: { id: string },
  token: string,
): Promise<string[]> {
  const accepted: string[] = [];
  let next = 0;
  const kills: Promise<void>[] = [];
  const lane = async (): Promise<void> => {
    while (next < EVENTS_A_ROUND) {
      const number = next++;
      const body = { event_type: "create", Id: `round-${round}-${number}`, Title: `Event ${number}` };
      // Once it is killed nothing answers any more: the sender knows that these were not taken.
      const answer = await gateway.post(integration, token, body).catch(() => null);
      if (answer?.status === 200) accepted.push(answer.body.id);
      if (accepted.length >= killAfter(round) && kills.length === 0) kills.push(gateway.end("SIGKILL"));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await Promise.all(kills);
  return accepted;
}

test("what was answered 200 is delivered although the gateway is killed under load, time and again", async () => {
  const { gateway, receiver, integration, token } = await standUp();

  const accepted: string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const taken = await postUntilKilled(gateway, round, integration, token);
    expect(taken.length).toBeGreaterThanOrEqual(killAfter(round));
    accepted.push(...taken);
    await gateway.start();
  }

  await vi.waitFor(
    () => {
      const arrived = new Set(receiver.arrivals.map(({ data }) => data.event.id));
      expect(accepted.filter((id) => !arrived.has(id))).toEqual([]);
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(receiver.arrivals.every(({ verified }) => verified)).toBe(true);
  const deliveriesOf = new Map(receiver.arrivals.map(({ id, data }) => [data.event.id, id]));
  expect(receiver.arrivals.every(({ id, data }) => deliveriesOf.get(data.event.id) === id)).toBe(true);

  await vi.waitFor(
    async () => {
      const { body } = await gateway.api("GET", "/reconciliation");
      expect(body).toMatchObject({ balanced: true, pending: 0, outbox: 0, dead: 0 });
      expect(body.accepted).toBeGreaterThanOrEqual(accepted.length);
    },
    { timeout: 60_000, interval: 500 },
  );
}, 300_000);

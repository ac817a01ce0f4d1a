import { expect, test } from "vitest";
import { waitUntilReady } from "../../scripts/deploy/ready.mjs";

const URL_OF_IT = "https://hookgate.acme.workers.dev";
const UNREACHABLE = { kind: "unreachable", reason: "getaddrinfo ENOTFOUND" } as const;
const WITHOUT_MAINTENANCE = {
  kind: "faults",
  faults: [{ path: "maintenance", message: "has not run yet." }],
} as const;
const WITHOUT_MIGRATIONS = {
  kind: "faults",
  faults: [{ path: "DB", message: "lacks migrations." }, ...WITHOUT_MAINTENANCE.faults],
} as const;
const READY = { kind: "ready" } as const;
type Answer = typeof UNREACHABLE | typeof WITHOUT_MAINTENANCE | typeof WITHOUT_MIGRATIONS | typeof READY;

/** Waits with a clock that only the waiting moves. After the last answer, that one is repeated. */
async function waitFor(answers: readonly Answer[]) {
  const notes: string[] = [];
  let time = 0;
  let asked = 0;
  const failure = await waitUntilReady(URL_OF_IT, (line) => notes.push(line), {
    ask: async () => answers[Math.min(asked++, answers.length - 1)] ?? READY,
    now: () => time,
    wait: async (ms) => (time += ms),
  }).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  return { failure, notes, minutes: Math.round(time / 60_000) };
}

test("a gateway is waited for until its address exists and its first maintenance has run", async () => {
  const { failure, notes } = await waitFor([UNREACHABLE, UNREACHABLE, WITHOUT_MAINTENANCE, READY]);
  expect(failure).toBeNull();
  expect(notes).toHaveLength(2);
  expect(notes[0]).toContain("getaddrinfo ENOTFOUND");
  expect(notes[1]).toContain("cron trigger");
});

test("what stays wrong ends the wait with the sentence that the gateway reports", async () => {
  const { failure, minutes } = await waitFor([WITHOUT_MIGRATIONS]);
  expect(failure?.message).toContain("DB lacks migrations.");
  expect(minutes).toBe(3);
});

test("an address that never exists, and a schedule that never runs, end the wait", async () => {
  const unreachable = await waitFor([UNREACHABLE]);
  expect(unreachable.failure?.message).toContain("is not ready");
  expect(unreachable.minutes).toBe(15);
  const asleep = await waitFor([WITHOUT_MAINTENANCE]);
  expect(asleep.failure?.message).toContain("cron trigger");
  expect(asleep.minutes).toBe(20);
});

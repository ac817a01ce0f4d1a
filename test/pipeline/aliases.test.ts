import fc from "fast-check";
import { beforeEach, expect, it, vi } from "vitest";
import { type Action, type EventMessage, SHARED_NAMESPACE } from "../../src/model/event.ts";
import { alertIdOf, deliveryIdOf } from "../../src/model/ids.ts";
import { type Fault, faultyDatabase } from "../support/faulty-database.ts";
import { expectModel } from "../support/pagertree-model.ts";
import { startOver } from "../support/storage.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
  processUntilDone,
  storedAlerts,
  storedEvents,
} from "../support/world.ts";
import { runs } from "../support/runs.ts";
import { tables } from "../support/tables.ts";
import { waitTurns } from "../support/turns.ts";

const DESTINATION = "dst_0000000000000000000000000001";

type Step = { readonly action: Action; readonly from: string; readonly keys: readonly string[] };

function step(action: Action, from: string, ...keys: string[]): Step {
  return { action, from: `int_${from}`, keys };
}

/** Returns an event whose keys are shared by all integrations. */
function sharedEvent({ action, from, keys }: Step): EventMessage {
  const [key = "", ...aliases] = new Set(keys);
  const message = eventMessage(action, key);
  const { signal } = message.content;
  if (!("key" in signal)) throw new Error("The event acts on no alert.");
  const shared = { ...signal, namespace: SHARED_NAMESPACE, ...(aliases.length > 0 ? { aliases } : {}) };
  return { ...message, integration_id: from, content: { ...message.content, signal: shared } };
}

/** Returns the same events with one key in place of all keys that belong together. */
function withoutAliases(messages: readonly EventMessage[]): EventMessage[] {
  const names = new Map<string, string>();
  const keysIn = ({ content: { signal } }: EventMessage): string[] =>
    "key" in signal ? [signal.key, ...(signal.aliases ?? [])] : [];
  for (const keys of messages.map(keysIn)) {
    const old = new Set(keys.map((key) => names.get(key) ?? key));
    const name = [...old].join("+");
    for (const key of keys) names.set(key, name);
    for (const [key, known] of names) if (old.has(known)) names.set(key, name);
  }
  return messages.map((message) => {
    const { signal } = message.content;
    if (!("key" in signal)) return message;
    return { ...message, content: { ...message.content, signal: { ...signal, key: names.get(signal.key) ?? "" } } };
  });
}

async function startRouted(): Promise<void> {
  await startOver();
  await insertDestination(DESTINATION);
  await insertRoute("rte_test", [DESTINATION]);
}

async function expectOutcome(messages: readonly EventMessage[]): Promise<void> {
  await expectModel(withoutAliases(messages));
  for (const { id, outcome, deliveries } of await storedEvents()) {
    // A delivery that was sent before an earlier event arrived cannot be recalled, so there may be more than are due now.
    if (!["created", "acknowledged", "resolved"].includes(outcome)) continue;
    expect(deliveries.map((each) => [each.id, each.status])).toEqual([[deliveryIdOf(id, DESTINATION), "delivered"]]);
  }
  const openers = new Map(messages.map(({ id, content }) => [alertIdOf(id), content.signal]));
  for (const { id, key } of await storedAlerts()) expect(openers.get(id)).toMatchObject({ key });
  // No merged history is left.
  const aliases = (await tables.alert_aliases.all()).map(({ alias }) => alias);
  expect((await tables.alert_histories.all()).filter(({ key }) => aliases.includes(key ?? null))).toEqual([]);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const plan = fc.array(
  fc.record({
    action: fc.constantFrom<Action>("create", "acknowledge", "resolve"),
    from: fc.constantFrom("int_a", "int_b"),
    keys: fc.array(fc.constantFrom("v", "w", "x", "y", "z"), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 7 },
);

beforeEach(async () => {
  fakeOutside();
  await insertDestination(DESTINATION);
  await insertRoute("rte_test", [DESTINATION]);
});

it("an alert is found by each of its keys, from any integration", async () => {
  const messages = [step("create", "a", "x", "y"), step("create", "b", "x"), step("resolve", "c", "y")].map(
    sharedEvent,
  );
  const { context } = createWorld();
  for (const message of messages) await processBatch(context, [message]);
  expect((await storedEvents()).map((each) => each.outcome)).toEqual(["created", "repeated", "resolved"]);
  expect(await storedAlerts()).toMatchObject([
    { key: "x", status: "resolved", dedup_count: 1, integration_id: "int_a" },
  ]);
});

it("keys in the namespace of one integration are independent of shared keys", async () => {
  const { context } = createWorld();
  await processBatch(context, [sharedEvent(step("create", "a", "x", "y")), eventMessage("create", "y")]);
  expect((await storedEvents()).map((each) => each.outcome)).toEqual(["created", "created"]);
});

it("a resolve by an alias that was received before the create is ignored, whichever is processed first", async () => {
  const messages = [step("resolve", "c", "y"), step("create", "a", "x", "y")].map(sharedEvent);
  const { context } = createWorld();
  for (const message of messages.toReversed()) await processBatch(context, [message]);
  expect((await storedEvents()).map((each) => each.outcome)).toEqual(["ignored", "created"]);
});

it("an event that names the keys of two alerts merges them: the later create becomes a repeat", async () => {
  const messages = [step("create", "a", "x"), step("create", "b", "y"), step("acknowledge", "c", "y", "x")];
  const { context } = createWorld();
  for (const message of messages.map(sharedEvent)) await processBatch(context, [message]);
  expect((await storedEvents()).map((each) => each.outcome)).toEqual(["created", "repeated", "acknowledged"]);
  expect(await storedAlerts()).toMatchObject([{ key: "x", status: "acknowledged", dedup_count: 1 }]);
});

const LISTS = [
  [step("create", "a", "x", "y"), step("create", "b", "x"), step("resolve", "c", "y")],
  [step("create", "a", "x"), step("create", "b", "y"), step("acknowledge", "c", "y", "x"), step("resolve", "b", "y")],
  [step("resolve", "a", "y"), step("create", "a", "z", "x"), step("create", "b", "x", "y"), step("resolve", "c", "y")],
];

it.each(LISTS.map((steps) => ({ steps })))(
  "every order of processing ends in the same outcomes, alerts and deliveries: list %#",
  async ({ steps }) => {
    for (const order of permutations([...steps.keys()])) {
      await startRouted();
      const messages = steps.map(sharedEvent);
      const { context } = createWorld();
      for (const index of order) {
        const unfinished = await processBatch(context, messages.slice(index, index + 1));
        expect(unfinished.size).toBe(0);
      }
      await expectOutcome(messages);

      const [events, alerts] = [await storedEvents(), await storedAlerts()];
      const aliases = await tables.alert_aliases.all();
      await processBatch(context, messages);
      expect(await storedEvents()).toEqual(events);
      expect(await storedAlerts()).toEqual(alerts);
      expect(await tables.alert_aliases.all()).toEqual(aliases);
    }
  },
);

it("concurrent consumers end in the same alerts, outcomes and deliveries", async () => {
  await fc.assert(
    fc.asyncProperty(plan, fc.infiniteStream(fc.nat(3)), async (steps, pauses) => {
      await startRouted();
      vi.restoreAllMocks();
      fakeOutside(async () => {
        // Lets other consumers run in between, as a network would.
        await waitTurns(pauses.next().value);
        return new Response("ok");
      });
      const messages = steps.map(sharedEvent);
      const { context } = createWorld();
      await Promise.all(messages.map((message) => processUntilDone(context, [message])));
      await expectOutcome(messages);
    }),
    { numRuns: runs(40) },
  );
});

it("a consumer that fails at any call leaves no history half merged", async () => {
  const faults = fc.array(fc.constantFrom<Fault>("none", "none", "none", "before", "after"), { maxLength: 25 });
  const cases = plan.chain((steps) =>
    fc.tuple(fc.constant(steps), fc.shuffledSubarray([...steps.keys()], { minLength: steps.length }), faults),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([steps, order, failures]) => {
      await startRouted();
      const messages = steps.map(sharedEvent);
      const left = [...failures];
      const { context } = createWorld({ DB: faultyDatabase(() => left.shift() ?? "none") });
      for (const index of order) await processUntilDone(context, messages.slice(index, index + 1));
      await expectModel(withoutAliases(messages));
    }),
    { numRuns: runs(40) },
  );
});

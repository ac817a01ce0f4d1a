import { expect, it } from "vitest";
import { MAX_REFUSED_RANGES, MAX_TAIL_EVENTS, type Numbering, createNumbering } from "../../src/ingest/numbering.ts";
import { createIdMinter } from "../../src/model/ids.ts";

function start(): { readonly numbering: Numbering; pass(ms: number): void } {
  let now = 1_000_000;
  const clock = (): number => now;
  const mint = createIdMinter(clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  return { numbering: createNumbering(mint, clock), pass: (ms) => void (now += ms) };
}

it("messages are numbered from 1 on, and say through which number each is accepted", () => {
  const { numbering } = start();
  const first = numbering.take(["evt_1"]);
  const second = numbering.take(["evt_2", "evt_3"]);
  expect(first.numbers).toMatchObject([{ number: 1, sure: 0 }]);
  expect(second.numbers).toMatchObject([
    { number: 2, sure: 0 },
    { number: 3, sure: 0 },
  ]);
  second.resolve(true);
  expect(numbering.take(["evt_4"]).numbers).toMatchObject([{ number: 4, sure: 0 }]);
  first.resolve(true);
  expect(numbering.take(["evt_5"]).numbers).toMatchObject([{ number: 5, sure: 3 }]);
});

it("refused numbers are named by each later message", () => {
  const { numbering } = start();
  numbering.take(["evt_1"]).resolve(true);
  numbering.take(["evt_2"]).resolve(false);
  numbering.take(["evt_3"]).resolve(false);
  numbering.take(["evt_4"]).resolve(true);
  const { numbers } = numbering.take(["evt_5"]);
  expect(numbers).toMatchObject([{ number: 5, sure: 4, refused: [[2, 3]] }]);
  expect(numbering.take(["evt_6"]).numbers).toMatchObject([{ sure: 4, refused: [[2, 3]] }]);
});

it("a number whose request was cancelled counts as refused after a minute", () => {
  const { numbering, pass } = start();
  numbering.take(["evt_1"]);
  numbering.take(["evt_2"]).resolve(true);
  pass(59_000);
  expect(numbering.take(["evt_3"]).numbers).toMatchObject([{ number: 3, sure: 0 }]);
  pass(2_000);
  expect(numbering.take(["evt_4"]).numbers).toMatchObject([{ number: 4, sure: 2, refused: [[1, 1]] }]);
});

it("an isolate takes another name before the list of refused numbers becomes long", () => {
  const { numbering } = start();
  const first = numbering.take(["evt"]);
  first.resolve(true);
  for (let i = 0; i < 100; i++) {
    numbering.take(["evt"]).resolve(true);
    const { numbers, resolve } = numbering.take(["evt"]);
    resolve(false);
    for (const { refused = [] } of numbers) expect(refused.length).toBeLessThanOrEqual(MAX_REFUSED_RANGES);
  }
  const [after] = numbering.take(["evt"]).numbers;
  expect(after?.isolate).not.toBe(first.numbers[0]?.isolate);
});

it("the tail has the events above the number that is carried by an accepted message", () => {
  const { numbering } = start();
  expect(numbering.tail()).toBeNull();
  numbering.take(["evt_1"]).resolve(true);
  expect(numbering.tail()).toMatchObject({ sure: 1, event_ids: ["evt_1"] });
  numbering.take(["evt_2"]).resolve(true);
  const tail = numbering.tail();
  expect(tail).toMatchObject({ sure: 2, event_ids: ["evt_2"] });
  tail?.resolve();
  expect(numbering.tail()).toBeNull();
});

it("a long tail is not looked up", () => {
  const { numbering } = start();
  const taken = Array.from({ length: MAX_TAIL_EVENTS + 1 }, (_, n) => numbering.take([`evt_${n}`]));
  for (const { resolve } of taken) resolve(true);
  expect(numbering.tail()).toMatchObject({ sure: MAX_TAIL_EVENTS + 1, event_ids: null });
  numbering.take(["evt_next"]).resolve(true);
  expect(numbering.tail()).toMatchObject({ event_ids: ["evt_next"] });
});

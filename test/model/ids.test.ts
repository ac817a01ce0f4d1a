import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type IdPrefix,
  alertIdOf,
  createIdMinter,
  deliveryIdOf,
  eventIdOf,
  lowestIdAt,
  timeOf,
} from "../../src/model/ids.ts";

const PREFIXES: readonly IdPrefix[] = ["int", "evt", "rte", "dst"];
const FORM = /^(int|evt|rte|dst)_[0-9a-z]{28}$/;
const realRandom = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const times = fc.integer({ min: 0, max: 32 ** 9 - 1 });

describe("a minter", () => {
  it("makes ids of a prefix and letters and digits that carry their time", () => {
    fc.assert(
      fc.property(times, fc.constantFrom(...PREFIXES), (ms, prefix) => {
        const { id, at_ms } = createIdMinter(() => ms, realRandom)(prefix);
        expect(id).toMatch(FORM);
        expect(id.startsWith(`${prefix}_`)).toBe(true);
        expect(at_ms).toBe(ms);
        expect(timeOf(id)).toBe(ms);
      }),
    );
  });

  it("makes ids whose order is the order of making, whatever the clock does", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_009 }), { minLength: 2, maxLength: 60 }),
        (readings) => {
          let index = 0;
          const mint = createIdMinter(() => readings[index++] ?? 0, realRandom);
          const made = readings.map(() => mint("evt"));
          expect(made.map((each) => each.id).toSorted()).toEqual(made.map((each) => each.id));
          for (const [place, { id, at_ms }] of made.entries()) {
            expect(timeOf(id)).toBe(at_ms);
            expect(at_ms).toBe(Math.max(...readings.slice(0, place + 1)));
          }
        },
      ),
    );
  });

  it("goes on in order when one millisecond has more ids than it can count", () => {
    const mint = createIdMinter(
      () => 1_700_000_000_000,
      (length) => new Uint8Array(length),
    );
    let last = "";
    for (let i = 0; i < 32 ** 3 + 10; i++) {
      const { id } = mint("evt");
      if (id <= last) throw new Error(`${id} does not come after ${last}`);
      last = id;
    }
    expect(timeOf(last)).toBe(1_700_000_000_001);
  });

  it("spends 80 random bits on every id, each of which shows", () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    const idWith = (random: Uint8Array): string =>
      createIdMinter(
        () => 1,
        () => random,
      )("int").id;
    fc.assert(
      fc.property(bytes, fc.nat(79), (random, bit) => {
        const other = random.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(idWith(other)).not.toBe(idWith(random));
      }),
    );
    const asked: number[] = [];
    const mint = createIdMinter(
      () => 1,
      (length) => {
        asked.push(length);
        return new Uint8Array(length);
      },
    );
    mint("int");
    mint("int");
    expect(asked).toEqual([10, 10]);
  });
});

it("the lowest id of a time is below every id made then, and above every one made before", () => {
  fc.assert(
    fc.property(
      times.filter((ms) => ms > 0),
      (ms) => {
        const lowest = lowestIdAt("evt", ms);
        expect(lowest).toMatch(FORM);
        expect(createIdMinter(() => ms, realRandom)("evt").id >= lowest).toBe(true);
        expect(
          createIdMinter(
            () => ms - 1,
            () => new Uint8Array(10).fill(255),
          )("evt").id < lowest,
        ).toBe(true);
      },
    ),
  );
});

describe("derived ids", () => {
  const mint = createIdMinter(() => Date.now(), realRandom);

  it("name an alert after its opener and a delivery after its event and destination, always the same", () => {
    const event = mint("evt").id;
    const destination = mint("dst").id;
    expect(alertIdOf(event)).toBe(`alr_${event.slice(4)}`);
    expect(deliveryIdOf(event, destination)).toMatch(/^dlv_[0-9a-z]{44}$/);
    expect(deliveryIdOf(event, destination)).toBe(deliveryIdOf(event, destination));
    expect(eventIdOf(deliveryIdOf(event, destination))).toBe(event);
    // docs/verifying-signatures.md tells receivers to compare this part, which is signed.
    expect(deliveryIdOf(event, destination).slice(32, 48)).toBe(destination.slice(-16));
    expect(timeOf(alertIdOf(event))).toBe(timeOf(event));
  });

  it("differ for different events and for different destinations", () => {
    const events = Array.from({ length: 20 }, () => mint("evt").id);
    const destinations = Array.from({ length: 20 }, () => mint("dst").id);
    const ids = events.flatMap((event) => destinations.map((destination) => deliveryIdOf(event, destination)));
    expect(new Set(ids).size).toBe(400);
  });

  it("can be asked of any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(eventIdOf(text).startsWith("evt_")).toBe(true);
        expect(eventIdOf(text).length).toBeLessThanOrEqual(32);
        expect(typeof timeOf(text)).toBe("number");
      }),
    );
  });
});

it("the lowest id of a time that no id can carry is that of the last that one can", () => {
  const last = lowestIdAt("evt", 32 ** 9 - 1);
  expect(lowestIdAt("evt", Date.parse("3100-01-01T00:00:00Z"))).toBe(lowestIdAt("evt", 8_640_000_000_000_000));
  expect(lowestIdAt("evt", Date.parse("3100-01-01T00:00:00Z"))).toBe(last);
});

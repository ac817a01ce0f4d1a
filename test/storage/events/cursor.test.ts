import fc from "fast-check";
import { expect, it } from "vitest";
import { deliveryIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import {
  LOG_END,
  LOG_START,
  cursorAt,
  cursorAtTime,
  cursorBelowDeliveriesOf,
  decodeCursor,
  encodeCursor,
  eventAt,
} from "../../../src/storage/events/cursor.ts";

const time = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
const suffix = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{19}$/);
const eventId = fc.tuple(time, suffix).map(([ms, rest]) => `${lowestIdAt("evt", ms).slice(0, -19)}${rest}`);

it("the text of a cursor leads back to it, and no text to the start of the list", () => {
  fc.assert(
    fc.property(eventId, (id) => {
      expect(decodeCursor(encodeCursor(cursorAt(id)), LOG_END)).toEqual(cursorAt(id));
    }),
  );
  expect(decodeCursor(null, LOG_END)).toBe(LOG_END);
  expect(decodeCursor(encodeCursor(LOG_START), LOG_START)).toBe(LOG_START);
});

it("cursors are in order of the time of receipt, between the start and the end of the log", () => {
  fc.assert(
    fc.property(eventId, eventId, (a, b) => {
      const [one, other] = [cursorAt(a), cursorAt(b)];
      const older = one.id < other.id ? one : other;
      expect(older.received_at_ms).toBe(Math.min(one.received_at_ms, other.received_at_ms));
      expect(LOG_START.id < one.id && one.id < LOG_END.id).toBe(true);
    }),
  );
});

it("the cursor of a time is at or below every event of that time, and above those before it", () => {
  fc.assert(
    fc.property(eventId, (id) => {
      const { received_at_ms } = cursorAt(id);
      expect(cursorAtTime(received_at_ms).id <= id).toBe(true);
      expect(cursorAtTime(received_at_ms + 1).id > id).toBe(true);
    }),
  );
});

it("the cursor below an event's deliveries is below all of them, and above those of older events", () => {
  fc.assert(
    fc.property(eventId, eventId, suffix, (a, b, destination) => {
      fc.pre(a !== b);
      const [older, newer] = a < b ? [a, b] : [b, a];
      const below = cursorBelowDeliveriesOf(newer);
      expect(below.id < deliveryIdOf(newer, `dst_${destination}`)).toBe(true);
      expect(below.id > deliveryIdOf(older, `dst_${destination}`)).toBe(true);
      expect(eventAt(below)).toEqual({ id: newer, isBelow: true });
      expect(eventAt(cursorAt(deliveryIdOf(newer, `dst_${destination}`)))).toEqual({ id: newer, isBelow: false });
    }),
  );
});

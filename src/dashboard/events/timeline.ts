import type { Delivery, WholeEvent } from "../../client/index.ts";

/** A bar of the waterfall: where it begins and how wide it is, as parts of the whole width from 0 to 1. */
export type Bar = { readonly start: number; readonly width: number };

/** The scale of a waterfall. Seconds and days of one story must both be visible, so it is logarithmic. */
export type Scale = {
  readonly endMs: number;
  readonly barOf: (fromMs: number, toMs: number) => Bar;
  readonly ticks: readonly Tick[];
};

/** A label of the scale. A crowded one has no room on a narrow screen. */
type Tick = { readonly at: number; readonly label: string; readonly isCrowded: boolean };

/** The first decade of the scale: differences below it are not visible. */
const UNIT_MS = 10;
const MIN_END_MS = 100;
const MIN_WIDTH = 0.006;

const TICKS = [
  [10, "10 ms"],
  [100, "100 ms"],
  [1_000, "1 s"],
  [10_000, "10 s"],
  [60_000, "1 min"],
  [600_000, "10 min"],
  [3_600_000, "1 h"],
  [36_000_000, "10 h"],
  [259_200_000, "3 d"],
  [2_592_000_000, "30 d"],
] as const;
/** Ticks that are closer than this would overlap. */
const MIN_TICK_DISTANCE = 0.12;
/** The same on a phone, where the scale is a third as wide. The label of the end is longer than the others. */
const NARROW = { distance: 0.3, toEnd: 0.45 } as const;

/** Makes the scale of a story that lasts until `endMs` after the event's receipt. */
export function scaleTo(lastMs: number): Scale {
  const endMs = Math.max(MIN_END_MS, lastMs);
  const whole = Math.log1p(endMs / UNIT_MS);
  const at = (ms: number): number => Math.log1p(Math.min(endMs, Math.max(0, ms)) / UNIT_MS) / whole;
  const ticks: Tick[] = [];
  let lastOnPhones = 0;
  for (const [ms, label] of TICKS) {
    const place = at(ms);
    if (ms < endMs && place - (ticks.at(-1)?.at ?? 0) >= MIN_TICK_DISTANCE && place <= 1 - MIN_TICK_DISTANCE) {
      const isCrowded = place - lastOnPhones < NARROW.distance || place > 1 - NARROW.toEnd;
      ticks.push({ at: place, label, isCrowded });
      if (!isCrowded) lastOnPhones = place;
    }
  }
  return {
    endMs,
    ticks,
    barOf: (fromMs, toMs) => {
      const start = Math.min(1 - MIN_WIDTH, at(fromMs));
      return { start, width: Math.max(MIN_WIDTH, Math.min(1, at(toMs)) - start) };
    },
  };
}

/** Milliseconds from an event's receipt to a time. */
export function offsetMs(event: Pick<WholeEvent, "received_at">, at: string): number {
  return Math.max(0, Date.parse(at) - Date.parse(event.received_at));
}

/** When the last thing of the story happens, the next attempts included, in milliseconds after the receipt. */
export function storyEnd(event: Pick<WholeEvent, "received_at" | "deliveries">): number {
  const ends = event.deliveries.flatMap(({ attempts, next_attempt_at }: Delivery) => [
    ...attempts.map(({ at, duration_ms }) => offsetMs(event, at) + duration_ms),
    ...(next_attempt_at === null ? [] : [offsetMs(event, next_attempt_at)]),
  ]);
  return Math.max(0, ...ends);
}

type Span = { readonly fromMs: number; readonly toMs: number };

/** Until when the event was being routed, in milliseconds after the receipt; null if no route took it. A replay comes later. */
export function routedMs(event: Pick<WholeEvent, "received_at" | "deliveries">): number | null {
  const offsets = event.deliveries
    .filter(({ replay_of }) => replay_of === null)
    .map(({ created_at }) => offsetMs(event, created_at));
  return offsets.length === 0 ? null : Math.min(...offsets);
}

/** How long a delivery waited before each attempt and before the next one: since the attempt before, or since it was made. */
export function waitsOf(
  event: Pick<WholeEvent, "received_at">,
  { attempts, created_at, next_attempt_at }: Pick<Delivery, "attempts" | "created_at" | "next_attempt_at">,
): readonly Span[] {
  const starts = [...attempts.map(({ at }) => at), ...(next_attempt_at === null ? [] : [next_attempt_at])];
  return starts.map((start, index) => {
    const before = attempts[index - 1];
    const fromMs = before === undefined ? offsetMs(event, created_at) : offsetMs(event, before.at) + before.duration_ms;
    return { fromMs, toMs: Math.max(fromMs, offsetMs(event, start)) };
  });
}

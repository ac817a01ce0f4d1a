// Ids are a prefix and 28 characters that sort by time: 9 of milliseconds, 3 that count within one, 16 random (80 bits).

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 9;
const COUNT_LENGTH = 3;
const RANDOM_LENGTH = 16;
const RANDOM_BYTES = 10;
const MAX_PER_MILLISECOND = 32 ** COUNT_LENGTH;
const ID_LENGTH = TIME_LENGTH + COUNT_LENGTH + RANDOM_LENGTH;
const PREFIX_LENGTH = "evt_".length;

export type IdPrefix = "int" | "evt" | "rte" | "dst" | "tok" | "rpl";
export type Minted = { readonly id: string; readonly at_ms: number };

/** Makes ids that sort by time and, within one minter, by order of making. */
export type IdMinter = (prefix: IdPrefix) => Minted;

function encodeNumber(value: number, length: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function encodeRandom(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET.charAt((bits >> held) & 31);
    }
    bits &= (1 << held) - 1;
  }
  return text;
}

/**
 * A minter over a clock and a source of random bytes. The time inside an id never runs backwards,
 * and `at_ms` is the time that the id carries, so that sorting by id is sorting by time of receipt.
 */
export function createIdMinter(now: () => number, random: (length: number) => Uint8Array): IdMinter {
  let lastMs = -1;
  let count = 0;
  let timeText = "";
  return (prefix) => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      count = 0;
      timeText = encodeNumber(ms, TIME_LENGTH);
    } else if (++count === MAX_PER_MILLISECOND) {
      lastMs += 1;
      count = 0;
      timeText = encodeNumber(lastMs, TIME_LENGTH);
    }
    const id = `${prefix}_${timeText}${encodeNumber(count, COUNT_LENGTH)}${encodeRandom(random(RANDOM_BYTES))}`;
    return { id, at_ms: lastMs };
  };
}

/** The last time that an id can carry, in ms since 1970; it is in the year 3084. */
const LAST_MS = 32 ** TIME_LENGTH - 1;

/** The lowest id that could have been made at a time; for ranges over ids. */
export function lowestIdAt(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${encodeNumber(Math.min(ms, LAST_MS), TIME_LENGTH)}${"0".repeat(COUNT_LENGTH + RANDOM_LENGTH)}`;
}

/** The time that an id carries, in ms since 1970. */
export function timeOf(id: string): number {
  let ms = 0;
  for (const letter of id.slice(PREFIX_LENGTH, PREFIX_LENGTH + TIME_LENGTH)) ms = ms * 32 + ALPHABET.indexOf(letter);
  return ms;
}

/** An alert is named after the event that opened it. */
export function alertIdOf(openingEventId: string): string {
  return `alr_${openingEventId.slice(PREFIX_LENGTH)}`;
}

/** The event that opened an alert, which none of its events is older than; for any text, so look it up before trusting it. */
export function openerOf(alertId: string): string {
  return `evt_${alertId.slice(PREFIX_LENGTH)}`;
}

/** A group is named after its route and the event that opened it. */
export function groupIdOf(routeId: string, openingEventId: string): string {
  return `grp_${routeId.slice(PREFIX_LENGTH)}${openingEventId.slice(PREFIX_LENGTH)}`;
}

/**
 * The event that becomes of a group: its time is that of the window's end, and the rest the group's id folded, in which the
 * random parts of the route and of the opening event meet.
 */
export function groupEventIdOf(groupId: string, closesAtMs: number): string {
  let folded = "";
  for (let place = 0; place < RANDOM_LENGTH; place++) {
    let digit = 0;
    for (let at = PREFIX_LENGTH + place; at < groupId.length; at += RANDOM_LENGTH) {
      digit ^= Math.max(0, ALPHABET.indexOf(groupId.charAt(at)));
    }
    folded += ALPHABET.charAt(digit);
  }
  return `evt_${encodeNumber(closesAtMs, TIME_LENGTH)}${"0".repeat(COUNT_LENGTH)}${folded}`;
}

/** A delivery is named after its event and its destination, so that planning it twice names it once. */
export function deliveryIdOf(eventId: string, destinationId: string): string {
  return `dlv_${eventId.slice(PREFIX_LENGTH)}${destinationId.slice(-RANDOM_LENGTH)}`;
}

/** What the ids of a replay's deliveries end with. */
export function replaySuffixOf(replayId: string): string {
  return replayId.slice(-RANDOM_LENGTH);
}

/** A delivery that a replay makes is named after that too, so that a step of a replay that runs twice names it once. */
export function replayedDeliveryIdOf(eventId: string, destinationId: string, replayId: string): string {
  return `${deliveryIdOf(eventId, destinationId)}${replaySuffixOf(replayId)}`;
}

/** The event that a delivery belongs to; for any text, so look it up before trusting it. */
export function eventIdOf(deliveryId: string): string {
  return `evt_${deliveryId.slice(PREFIX_LENGTH, PREFIX_LENGTH + ID_LENGTH)}`;
}

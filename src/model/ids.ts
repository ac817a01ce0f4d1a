// Ids are a prefix and 28 characters that sort by time: 9 of milliseconds, 3 that count within one, 16 random (80 bits). Those of
// integrations, which are addresses too, end with 8 characters of a checksum (crypto/checksums.ts).

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 9;
const COUNT_LENGTH = 3;
const RANDOM_LENGTH = 16;
const RANDOM_BYTES = 10;
const MAX_PER_MILLISECOND = 32 ** COUNT_LENGTH;
const ID_LENGTH = TIME_LENGTH + COUNT_LENGTH + RANDOM_LENGTH;
const PREFIX_LENGTH = "evt_".length;

/** The letters that the checksum of an integration's address has, after those of an id. */
export const CHECKSUM_LENGTH = 8;
export const CHECKED_ADDRESS_LENGTH = PREFIX_LENGTH + ID_LENGTH + CHECKSUM_LENGTH;

export type IdPrefix = "int" | "evt" | "rte" | "dst" | "trf" | "tok" | "rpl" | "iso" | "aud" | "seg";
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

/** Writes bytes with the letters of ids, five bits each. Bits that do not fill a letter are left out. */
export function encodeBase32(bytes: Uint8Array): string {
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
 * Makes a minter over a clock and a source of random bytes. The time in an id never runs backwards, and `at_ms` is that
 * time, so that sorting by id is sorting by time of receipt.
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
    const id = `${prefix}_${timeText}${encodeNumber(count, COUNT_LENGTH)}${encodeBase32(random(RANDOM_BYTES))}`;
    return { id, at_ms: lastMs };
  };
}

/** The latest time that an id can hold, in ms since 1970. It is in the year 3084. */
const LAST_MS = 32 ** TIME_LENGTH - 1;

/** Returns the lowest id that could have been made at a time, for ranges over ids. */
export function lowestIdAt(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${encodeNumber(Math.min(ms, LAST_MS), TIME_LENGTH)}${"0".repeat(COUNT_LENGTH + RANDOM_LENGTH)}`;
}

/** Returns the time in an id, in ms since 1970. */
export function timeOf(id: string): number {
  let ms = 0;
  for (const letter of id.slice(PREFIX_LENGTH, PREFIX_LENGTH + TIME_LENGTH)) ms = ms * 32 + ALPHABET.indexOf(letter);
  return ms;
}

/** Returns the id of an alert. It derives from the event that opened it. */
export function alertIdOf(openingEventId: string): string {
  return `alr_${openingEventId.slice(PREFIX_LENGTH)}`;
}

/** Returns the event that opened an alert, its oldest one. Accepts any text, so look the event up before trusting it. */
export function openerOf(alertId: string): string {
  return `evt_${alertId.slice(PREFIX_LENGTH)}`;
}

/** Returns the id of a group. It derives from its route and the event that opened it. */
export function groupIdOf(routeId: string, openingEventId: string): string {
  return `grp_${routeId.slice(PREFIX_LENGTH)}${openingEventId.slice(PREFIX_LENGTH)}`;
}

/**
 * Returns the id of a group's event: its time is the end of the window, and the rest is an XOR over the group's id, which
 * combines the random parts of the route and of the opening event.
 */
export function groupEventIdOf(groupId: string, closesAtMs: number): string {
  let hashed = "";
  for (let offset = 0; offset < RANDOM_LENGTH; offset++) {
    let digit = 0;
    for (let at = PREFIX_LENGTH + offset; at < groupId.length; at += RANDOM_LENGTH) {
      digit ^= Math.max(0, ALPHABET.indexOf(groupId.charAt(at)));
    }
    hashed += ALPHABET.charAt(digit);
  }
  return `evt_${encodeNumber(closesAtMs, TIME_LENGTH)}${"0".repeat(COUNT_LENGTH)}${hashed}`;
}

/** The number of different random parts. */
const RANDOM_PARTS = 32n ** BigInt(RANDOM_LENGTH);

/**
 * Returns the id of an item that a transformation makes of an event. The first item is the event itself. The others have its time, and
 * sort behind it in order: the random part of each derives from the event's and lies between that and the highest one.
 */
export function itemIdOf(eventId: string, index: number): string {
  if (index === 0) return eventId;
  const end = eventId.length - RANDOM_LENGTH;
  let own = 0n;
  for (const letter of eventId.slice(end)) own = own * 32n + BigInt(Math.max(0, ALPHABET.indexOf(letter)));
  let rest = own + ((RANDOM_PARTS - own) * BigInt(index)) / BigInt(index + 1);
  let random = "";
  for (let i = 0; i < RANDOM_LENGTH; i++) {
    random = ALPHABET.charAt(Number(rest % 32n)) + random;
    rest /= 32n;
  }
  return `${eventId.slice(0, end)}${random}`;
}

/** Returns the id of a delivery. It derives from its event and destination, so that planning it twice makes one delivery. */
export function deliveryIdOf(eventId: string, destinationId: string): string {
  return `dlv_${eventId.slice(PREFIX_LENGTH)}${destinationId.slice(-RANDOM_LENGTH)}`;
}

/** Returns the end of the ids of a replay's deliveries. */
export function replaySuffixOf(replayId: string): string {
  return replayId.slice(-RANDOM_LENGTH);
}

/** Returns the id of a replay's delivery. It derives from the replay too, so that a repeated step makes one delivery. */
export function replayedDeliveryIdOf(eventId: string, destinationId: string, replayId: string): string {
  return `${deliveryIdOf(eventId, destinationId)}${replaySuffixOf(replayId)}`;
}

/**
 * Returns the id of a segment of the log whose last event is this one, so that segments sort as their last events do. `random` are ten
 * bytes, because an event can be the last one of two segments.
 */
export function segmentIdOf(lastEventId: string, random: Uint8Array): string {
  return `seg_${lastEventId.slice(PREFIX_LENGTH, PREFIX_LENGTH + TIME_LENGTH + COUNT_LENGTH)}${encodeBase32(random)}`;
}

/** Returns the event of a delivery. Accepts any text, so look the event up before trusting it. */
export function eventIdOf(deliveryId: string): string {
  return `evt_${deliveryId.slice(PREFIX_LENGTH, PREFIX_LENGTH + ID_LENGTH)}`;
}

import type { Context } from "../context.ts";
import { GATEWAY_EVENT_TYPES, type GatewayEventType } from "../model/event.ts";
import {
  type DueAnnouncement,
  clearAnnouncement,
  countOccurrences,
  readDueAnnouncements,
  takeAnnouncements,
} from "../storage/destinations/announcements.ts";
import { prepareAnnouncement, sendAnnouncements } from "./announce.ts";
import type { Facts } from "./system-event.ts";

/** One system event in this time reports all occurrences about one subject, in ms. */
const QUIET_MS = 3_600_000;
/** Lasts until the state that an event reports has ended. */
const QUIET_FOREVER = Number.MAX_SAFE_INTEGER;

function nameOf(type: GatewayEventType, id: string): string {
  return `${type} ${id}`;
}

/** A system event that can occur very often, about the subject with an id. */
type Occurrence = { readonly type: GatewayEventType; readonly id: string; readonly facts: Facts };

async function report(context: Context, { type, id, facts }: Occurrence, quietUntil: number): Promise<void> {
  const row = await prepareAnnouncement(context, type, facts);
  if (row === null) return;
  const now = context.clock();
  const entry = { subject: nameOf(type, id), quiet_until: quietUntil, since: now, count: facts.count ?? 1, facts };
  if (await countOccurrences(context.primary, entry, row)) await sendAnnouncements(context, [row]);
}

/**
 * Reports the first occurrence at once. Later ones are counted, and maintenance reports them once an hour. Throws if D1 cannot
 * be read or written.
 */
export async function reportOccurrence(context: Context, occurrence: Occurrence): Promise<void> {
  await report(context, occurrence, context.clock() + QUIET_MS);
}

/** Reports that a state has begun: once, until `endState`. Throws if D1 cannot be read or written. */
export async function beginState(context: Context, occurrence: Occurrence): Promise<void> {
  await report(context, occurrence, QUIET_FOREVER);
}

/** Notes that a state has ended, so that its next beginning is reported. Throws if D1 cannot be written. */
export async function endState({ primary }: Context, type: GatewayEventType, id: string): Promise<void> {
  await clearAnnouncement(primary, nameOf(type, id));
}

/** Returns what a row says, now that its time is up; null if there is nothing to report or no route asks for it any more. */
async function nextOf(context: Context, due: DueAnnouncement<Facts>) {
  const type = GATEWAY_EVENT_TYPES.find((known) => due.subject.startsWith(`${known} `));
  if (type === undefined || due.count === 0) return { due, row: null };
  const facts = { ...due.facts, count: due.count, since_ms: due.since };
  return { due, row: await prepareAnnouncement(context, type, facts) };
}

/** Reports what has occurred since the last event about each subject. Returns the number of events. */
export async function reportDue(context: Context): Promise<number> {
  const now = context.clock();
  const due = await readDueAnnouncements<Facts>(context.primary, now);
  if (due.length === 0) return 0;
  const next = await Promise.all(due.map((each) => nextOf(context, each)));
  const inserted = await takeAnnouncements(context.primary, next, now + QUIET_MS);
  const rows = next.flatMap(({ row }) => (row !== null && inserted.has(row.id) ? [row] : []));
  await sendAnnouncements(context, rows);
  return rows.length;
}

import type { Event } from "../../client/index.ts";
import { summaryOfPayload } from "../../model/payload-summary.ts";

/** Returns what a list or a heading calls an event: its title, else the beginning of its payload, else its type. */
export function eventTitle({ title, type, payload }: Pick<Event, "title" | "type" | "payload">): string {
  if (title !== null) return title;
  const summary = summaryOfPayload(payload);
  return summary === "" ? (type ?? "Event without a title") : summary;
}

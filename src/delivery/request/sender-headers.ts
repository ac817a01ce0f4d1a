import { version } from "../../../package.json";
import type { Destination } from "../../model/destination.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { senderHeaders } from "../../model/event.ts";

/** What `fetch` accepts in a header, without control characters. */
const VISIBLE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const USER_AGENT = `Hookgate/${version}`;

/** Returns the sender's headers that a destination wants. The gateway's own headers replace those of the same name. */
export function forwardedHeaders(
  { forward_headers }: Destination,
  event: Deliverable,
): Readonly<Record<string, string>> {
  if (forward_headers.length === 0) return {};
  const sent = senderHeaders(event.content);
  return Object.fromEntries(
    forward_headers.flatMap((name) => {
      const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
      return value === undefined || !VISIBLE.test(value) ? [] : [[name, value]];
    }),
  );
}

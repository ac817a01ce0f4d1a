import type { Destination } from "../model/destination.ts";
import type { Shard } from "../platform/shards.ts";
import type { Subject } from "./system-event.ts";

/** Returns a destination as system events show it. */
export function aboutDestination(
  { id, name, url, type }: Pick<Destination, "id" | "name" | "url" | "type">,
  disabledReason?: string,
): Subject {
  // Publish only the origin: recipients may be third parties, and a chat webhook's path is a credential.
  const origin = type === "webhook" ? (URL.parse(url)?.origin ?? null) : null;
  const reason = disabledReason === undefined ? {} : { disabled_reason: disabledReason };
  return { destination: { id, name, type, url: origin, ...reason } };
}

/** Returns an integration as system events show it. */
export function aboutIntegration({ id, name }: { readonly id: string; readonly name: string }): Subject {
  return { integration: { id, name } };
}

/** Returns a shard as system events show it. */
export function aboutShard({ number }: Shard): Subject {
  return { shard: { number } };
}

import type { Destination } from "../../model/destination.ts";
import type { WholeConfig } from "../../storage/config/document.ts";

// What a command `listen` makes comes and goes with it, so documents neither contain nor delete it.

/** Whether a destination is deleted when its command stays away. */
export function isTemporary({ type, options }: Pick<Destination, "type" | "options">): boolean {
  return type === "cli" && typeof options["remove_after_seconds"] === "number";
}

/** The ids of the destinations of commands. */
export function listenersIn({ destinations }: Pick<WholeConfig, "destinations">): ReadonlySet<string> {
  return new Set(destinations.filter(({ managed_by }) => managed_by === "listen").map(({ id }) => id));
}

/** A configuration without what commands have made: their destinations, and routes that deliver to nothing else. */
export function withoutListeners<T extends Omit<WholeConfig, "revision">>(config: T): T {
  const listeners = listenersIn(config);
  const isOfCommand = (ids: readonly string[]): boolean => ids.length > 0 && ids.every((id) => listeners.has(id));
  return {
    ...config,
    destinations: config.destinations.filter(({ id }) => !listeners.has(id)),
    routes: config.routes.filter(({ destination_ids }) => !isOfCommand(destination_ids)),
  };
}

/** The destinations of a route that an entry describes: those of commands stay. */
export function withStoredListeners(
  described: readonly string[],
  stored: readonly string[],
  listeners: ReadonlySet<string>,
): readonly string[] {
  const own = stored.filter((id) => listeners.has(id));
  const others = stored.filter((id) => !listeners.has(id));
  const isSame = others.length === described.length && others.every((id, index) => id === described[index]);
  return isSame ? stored : [...described, ...own];
}

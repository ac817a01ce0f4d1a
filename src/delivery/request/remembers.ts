import type { Destination } from "../../model/destination.ts";
import { findPreset } from "../presets/registry.ts";

/** Returns whether a destination has a request of its own for some type of event. */
export function hasRequests({ requests }: Pick<Destination, "requests">): boolean {
  return Object.keys(requests).length > 0;
}

/** Returns whether the deliveries of an alert to a destination use what earlier ones captured, so that they are made in order. */
export function remembers(destination: Pick<Destination, "payload" | "requests">): boolean {
  const { payload } = destination;
  return hasRequests(destination) || (payload.mode === "preset" && findPreset(payload.preset)?.remembers === true);
}

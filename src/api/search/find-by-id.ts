import type { Context } from "../../context.ts";
import { findAlert } from "../../storage/alerts/alerts.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { findRoute } from "../../storage/config/routes.ts";
import { findTransformation } from "../../storage/config/transformations.ts";
import { findToken } from "../../storage/config/tokens.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { type ListedEvent, findDelivery, findEvent } from "../../storage/events/log.ts";
import { findReplay } from "../../storage/pipeline/replays.ts";
import { findIn } from "../across-shards.ts";
import type { Found } from "./found.ts";

const ID = /^(int|dst|rte|trf|tok|evt|alr|dlv|rpl)_[0-9A-Za-z]{1,60}$/;
type Prefix = "int" | "dst" | "rte" | "trf" | "tok" | "evt" | "alr" | "dlv" | "rpl";
const PREFIXES: readonly Prefix[] = ["int", "dst", "rte", "trf", "tok", "evt", "alr", "dlv", "rpl"];

function named(kind: Found["kind"], thing: { readonly id: string; readonly name: string } | null): Found | null {
  return thing === null ? null : { kind, id: thing.id, title: thing.name };
}

/** Returns an event as a search shows it. */
export function foundEvent({ id, summary, type, outcome }: ListedEvent): Found {
  return { kind: "event", id, title: summary ?? type ?? outcome };
}

/** Returns an alert as a search shows it. */
export function foundAlert({
  id,
  title,
  key,
}: {
  readonly id: string;
  readonly title: string;
  readonly key: string;
}): Found {
  return { kind: "alert", id, title: title === "" ? key : title };
}

async function findReplayById(context: Context, id: string): Promise<Found | null> {
  const located = await findIn(context, ({ shard: { db } }) => findReplay(db, id));
  return located === null ? null : { kind: "replay", id, title: `Replay (${located.found.status})` };
}

async function findDeliveryById(context: Context, id: string): Promise<Found | null> {
  const located = await findIn(context, (at) => findDelivery(at, id));
  if (located === null) return null;
  const { summary, event_type, status } = located.found;
  return { kind: "delivery", id, title: summary ?? event_type ?? status };
}

async function find(context: Context, prefix: Prefix, id: string): Promise<Found | null> {
  const { primary } = context;
  switch (prefix) {
    case "int":
      return named("integration", await findIntegration(primary, id));
    case "dst":
      return named("destination", await findDestination(primary, id));
    case "rte":
      return named("route", await findRoute(primary, id));
    case "trf":
      return named("transformation", await findTransformation(primary, id));
    case "tok":
      return named("token", await findToken(primary, id));
    case "evt": {
      const located = await findIn(context, (at) => findEvent(at, id));
      return located === null ? null : foundEvent(located.found);
    }
    case "alr": {
      const located = await findIn(context, ({ shard: { db } }) => findAlert(db, id));
      return located === null ? null : foundAlert(located.found);
    }
    case "dlv":
      return await findDeliveryById(context, id);
    case "rpl":
      return await findReplayById(context, id);
  }
}

/** Returns the thing with this id, whatever it is; null if the text is no id or there is none. */
export async function findById(context: Context, text: string): Promise<Found | null> {
  const prefix = PREFIXES.find((known) => known === ID.exec(text)?.[1]);
  return prefix === undefined ? null : await find(context, prefix, text);
}

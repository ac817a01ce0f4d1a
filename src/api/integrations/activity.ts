import * as z from "zod/mini";
import { type Context, withShard } from "../../context.ts";
import type { Integration } from "../../model/integration.ts";
import type { RejectionCount } from "../../model/rejection.ts";
import { findShard } from "../../platform/shards.ts";
import { latestRejections } from "../../storage/config/rejections.ts";
import { readLastEvents } from "../../storage/maintenance/last-events.ts";
import { time } from "../schema.ts";

/** What an integration shows of its traffic. */
export const shownActivity = {
  last_event_at: z.nullable(time).check(z.describe("When its newest event was received; null if none is known.")),
  last_rejection: z
    .nullable(z.strictObject({ at: time, status: z.int(), code: z.string() }))
    .check(z.describe("The latest request that was refused; null if none is on record.")),
};

export type Activity = {
  readonly last_event_at: string | null;
  readonly last_rejection: { readonly at: string; readonly status: number; readonly code: string } | null;
};

/** The activity of an integration that is new. */
export const NO_ACTIVITY: Activity = { last_event_at: null, last_rejection: null };

function shownRejection({ at, status, code }: RejectionCount): Activity["last_rejection"] {
  return { at: new Date(at).toISOString(), status, code };
}

async function lastEventsOf(
  context: Context,
  integrations: readonly Integration[],
): Promise<ReadonlyMap<string, number>> {
  const ofShards = [...Map.groupBy(integrations, ({ shard }) => shard)].map(async ([number, own]) => {
    const shard = findShard(context.shards, number);
    if (shard === null) return [];
    const ids = own.map(({ id }) => id);
    return Object.entries(await readLastEvents(withShard(context, shard).shard.db, ids));
  });
  return new Map((await Promise.all(ofShards)).flat());
}

/** Returns a function that tells the activity of these integrations: two queries in each of their shards, and one. */
export async function readActivity(
  context: Context,
  integrations: readonly Integration[],
): Promise<(id: string) => Activity> {
  if (integrations.length === 0) return () => NO_ACTIVITY;
  const ids = integrations.map(({ id }) => id);
  const [rejections, events] = await Promise.all([
    latestRejections(context.primary, ids),
    lastEventsOf(context, integrations),
  ]);
  return (id) => {
    const rejection = rejections.get(id);
    const at = events.get(id);
    return {
      last_event_at: at === undefined ? null : new Date(at).toISOString(),
      last_rejection: rejection === undefined ? null : shownRejection(rejection),
    };
  };
}

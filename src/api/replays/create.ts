import { enqueueReplay } from "../../delivery/replay/replay-step.ts";
import type { Context } from "../../context.ts";
import { REPLAYABLE_STATUSES, type Replay } from "../../model/replay.ts";
import { type Statement, runInTransaction } from "../../storage/config/revision.ts";
import {
  MAX_COUNTED_EVENTS,
  type MatchCount,
  countMatches,
  readUnknownDeliveries,
  startOf,
} from "../../storage/events/log.ts";
import { cancelReplay, insertReplay } from "../../storage/pipeline/replays.ts";
import { recordAction } from "../audit/record.ts";
import { atEachShard, shardsFor } from "../across-shards.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { readDestinations } from "../events/replayable.ts";
import { resolveFilters } from "../external-ids.ts";
import { refuseBody } from "../problems.ts";
import { replay, replayCreation, replayEstimate } from "./fields.ts";

function iso(text: string | null | undefined): string | null {
  return typeof text === "string" ? new Date(text).toISOString() : null;
}

/** The part of a replay that one shard does. */
type Part = MatchCount & { readonly at: Context };

/** Counts the deliveries that a replay would make, in each shard that has any or may have more than were counted. */
async function planParts(context: Context, planned: Replay): Promise<readonly Part[]> {
  const destinations = [...(await readDestinations(context.primary)).values()];
  const enabled = destinations.flatMap((each) => (each.enabled ? each.id : []));
  const shards = await shardsFor(context, planned.filter.integration_id);
  const maxEvents = Math.ceil(MAX_COUNTED_EVENTS / shards.length);
  const counting = shards.map(async (at) => ({ at, ...(await countMatches(at, planned, enabled, maxEvents)) }));
  return (await Promise.all(counting)).filter(({ count, is_exact }) => count > 0 || !is_exact);
}

/** Returns which of the deliveries no shard has on record. */
async function findUnknown(context: Context, ids: readonly string[]): Promise<string[]> {
  let left = [...new Set(ids)];
  for (const at of atEachShard(context)) {
    if (left.length === 0) break;
    const unknown = await readUnknownDeliveries(at, left);
    left = left.filter((id) => unknown.has(id));
  }
  return left;
}

function partOf(planned: Replay, { count, is_exact }: MatchCount): Replay {
  return { ...planned, count, count_is_exact: is_exact };
}

/**
 * Inserts a replay in each shard that has a part of it. The first shard comes last: its database is the primary, too, so that
 * the response is stored together with that part.
 */
async function begin(
  planned: Replay,
  parts: readonly Part[],
  { primary, shards: [first], clock }: Context,
  alongside: readonly Statement[],
): Promise<void> {
  const others = parts.filter(({ at }) => at.shard !== first);
  try {
    for (const part of others) await insertReplay(part.at.shard.db, partOf(planned, part), [], parts.length);
    const own = parts.find(({ at }) => at.shard === first);
    if (own !== undefined) await insertReplay(first.db, partOf(planned, own), alongside, parts.length);
    else if (parts.length === 0) await insertReplay(first.db, planned, alongside);
    else if (alongside.length > 0) await runInTransaction(primary, alongside);
  } catch (error) {
    // The client sees a failure and asks again, so the parts that were inserted must not run.
    const now = new Date(clock()).toISOString();
    await Promise.allSettled(others.map(({ at }) => cancelReplay(at.shard.db, planned.id, now)));
    throw error;
  }
}

const EMPTY_FILTER = `must not be empty: to repeat every delivery, name each status: ${JSON.stringify({ status: REPLAYABLE_STATUSES })}`;

export const create = endpoint({
  id: "replays.create",
  method: "POST",
  path: "/replays",
  scope: "write",
  summary: "Replay deliveries in bulk",
  description: 'Without `"dry_run": false` this only counts. A filter without `status` takes dead deliveries.',
  body: jsonBody(replayCreation, { filter: { status: "dead" }, dry_run: true }),
  answers: {
    200: returns(replayEstimate, "The number of deliveries that it would make."),
    201: returns(replay, "Started, because `dry_run` is false."),
  },
}).handle(async (request) => {
  const { context, body } = request;
  const given = await resolveFilters(context, body.filter ?? {});
  if (body.filter !== undefined && Object.values(given).every((value) => value === undefined || value === null)) {
    return refuseBody([{ path: "filter", message: EMPTY_FILTER }]);
  }
  const { id, at_ms } = context.mint("rpl");
  const at = new Date(at_ms).toISOString();
  const filter: Replay["filter"] = {
    status: given.status ?? (body.delivery_ids === undefined ? ["dead"] : REPLAYABLE_STATUSES),
    destination_id: given.destination_id ?? null,
    integration_id: given.integration_id ?? null,
    route_id: given.route_id ?? null,
    from: iso(given.from),
    to: iso(given.to),
    delivery_ids: body.delivery_ids ?? null,
  };
  const planned: Replay = {
    id,
    filter,
    status: "running",
    rate_per_second: body.rate_per_second,
    count: 0,
    count_is_exact: true,
    replayed: 0,
    failed: 0,
    position: startOf(filter),
    created_at: at,
    updated_at: at,
  };
  const parts = await planParts(context, planned);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const count_is_exact = parts.every(({ is_exact }) => is_exact);
  if (body.dry_run) {
    const unknown_delivery_ids = await findUnknown(context, body.delivery_ids ?? []);
    return { status: 200, body: { filter, dry_run: true, count, count_is_exact, unknown_delivery_ids } };
  }
  const created: Replay = { ...planned, count, count_is_exact, status: parts.length === 0 ? "done" : "running" };
  return {
    status: 201,
    body: created,
    commit: async (alongside) => {
      await recordAction(request, "replay.created", { id }, { filter, count });
      await begin(created, parts, context, alongside);
      await Promise.all(parts.map(({ at }) => enqueueReplay(at, id, 0)));
    },
  };
});

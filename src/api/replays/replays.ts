import * as z from "zod/mini";
import { enqueueReplay } from "../../delivery/replay/replay-step.ts";
import type { Context } from "../../context.ts";
import type { Problem } from "../../net/problem.ts";
import { REPLAYABLE_STATUSES, type Replay, joinParts } from "../../model/replay.ts";
import { type Result, ok } from "../../model/result.ts";
import {
  cancelReplay,
  countMatches,
  findReplay,
  insertReplay,
  listReplays,
  startOf,
} from "../../storage/events/replays.ts";
import { type Statement, runTogether } from "../../storage/config/revision.ts";
import { shardsFor } from "../across-shards.ts";
import { parseBody } from "../body.ts";
import type { Answer, Call, Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { idFilter, pageAnswer, parseListQuery } from "../list-query.ts";
import { notFound } from "../problems.ts";
import { readDestinations } from "../events/replayable.ts";

const DEFAULT_RATE = 20;
const MAX_RATE = 1_000;

const time = z.iso.datetime({ offset: true, error: "has to be an ISO 8601 time, such as 2026-01-31T12:00:00Z" });
const status = z.enum(REPLAYABLE_STATUSES, {
  error: `has to be one of ${REPLAYABLE_STATUSES.join(", ")}: what is pending is being tried anyway`,
});

const filter = z
  .strictObject({
    status: z.optional(z.nullable(status)),
    destination_id: z.nullable(idFilter),
    integration_id: z.nullable(idFilter),
    from: z.optional(z.nullable(time)),
    to: z.optional(z.nullable(time)),
  })
  .check(
    z.refine(({ from, to }) => !(Date.parse(from ?? "") > Date.parse(to ?? "")), {
      path: ["to"],
      message: "may not be before `from`",
    }),
  );

export const creation = z.strictObject({
  filter: z.optional(filter),
  dry_run: z.optional(z.boolean()),
  rate_per_second: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_RATE))),
});

function iso(text: string | null | undefined): string | null {
  return typeof text === "string" ? new Date(text).toISOString() : null;
}

/** What a replay is to do in one shard. */
type Part = { readonly context: Context; readonly count: number };

/** Counts what a replay would make, in each shard that has any of it. */
async function planParts(call: Call, replay: Replay): Promise<readonly Part[]> {
  const destinations = [...(await readDestinations(call.context.primary)).values()];
  const enabled = destinations.flatMap((each) => (each.enabled ? each.id : []));
  const contexts = await shardsFor(call.context, replay.filter.integration_id);
  const counting = contexts.map(async (context) => ({
    context,
    count: await countMatches(context.shard.db, replay, enabled),
  }));
  return (await Promise.all(counting)).filter(({ count }) => count > 0);
}

/** Puts a replay on record in the shards where it has something to do, in the first shard last: the answer is stored with it. */
async function begin(
  replay: Replay,
  parts: readonly Part[],
  { primary, shards: [first] }: Context,
  alongside: readonly Statement[],
): Promise<void> {
  const others = parts.filter(({ context }) => context.shard !== first);
  try {
    for (const { context, count } of others)
      await insertReplay(context.shard.db, { ...replay, count }, [], parts.length);
    const count = parts.find(({ context }) => context.shard === first)?.count ?? 0;
    if (count > 0) await insertReplay(first.db, { ...replay, count }, alongside, parts.length);
    else if (parts.length === 0) await insertReplay(first.db, replay, alongside);
    else if (alongside.length > 0) await runTogether(primary, alongside);
  } catch (error) {
    // Whoever is told that it failed asks again: what was begun must not go on.
    const at = new Date().toISOString();
    await Promise.allSettled(others.map(({ context }) => cancelReplay(context.shard.db, replay.id, at)));
    throw error;
  }
}

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, creation);
  if (!body.ok) return body;
  const given = body.value.filter ?? {};
  const { id, at_ms } = call.context.mint("rpl");
  const at = new Date(at_ms).toISOString();
  const asked: Replay["filter"] = {
    status: given.status ?? null,
    destination_id: given.destination_id ?? null,
    integration_id: given.integration_id ?? null,
    from: iso(given.from),
    to: iso(given.to),
  };
  const begun: Replay = {
    id,
    filter: asked,
    status: "running",
    rate_per_second: body.value.rate_per_second ?? DEFAULT_RATE,
    count: 0,
    replayed: 0,
    failed: 0,
    position: startOf(asked),
    created_at: at,
    updated_at: at,
  };
  const parts = await planParts(call, begun);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (body.value.dry_run === true) return ok({ status: 200, body: { filter: asked, dry_run: true, count } });
  const replay: Replay = { ...begun, count, status: count === 0 ? "done" : "running" };
  return ok({
    status: 201,
    body: replay,
    commit: async (alongside) => {
      await begin(replay, parts, call.context, alongside);
      await Promise.all(parts.map(({ context }) => enqueueReplay(context, id, 0)));
    },
  });
};

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "rpl", {});
  if (!query.ok) return query;
  const { page } = query.value;
  const lists = await Promise.all(call.context.shards.map(({ db }) => listReplays(db, page)));
  // Each list has one row more than the page where it goes on, so every part of the replays of a page is here.
  const rows = lists.flat().toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const replays = [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((parts) => joinParts(parts) ?? []);
  return ok(pageAnswer(replays, page.limit, (row) => row));
};

function answerWith(parts: readonly (Replay | null)[]): Result<Answer, Problem> {
  const replay = joinParts(parts.filter((part) => part !== null));
  return replay === null ? notFound("replay") : ok({ status: 200, body: replay });
}

const show: Verb = async (call) => {
  return answerWith(await Promise.all(call.context.shards.map(({ db }) => findReplay(db, call.id))));
};

/** Stops a replay; what it has made already goes on. One that is over stays as it is. */
const cancel: Verb = async (call) => {
  const at = new Date().toISOString();
  return answerWith(await Promise.all(call.context.shards.map(({ db }) => cancelReplay(db, call.id, at))));
};

export function mountReplays(app: AdminApp): void {
  mount(app, "/replays", { GET: list, POST: create });
  mount(app, "/replays/:id", { GET: show });
  mount(app, "/replays/:id/cancel", { POST: cancel });
}

import * as z from "zod";
import { enqueueReplay } from "../delivery/replay-step.ts";
import { REPLAYABLE_STATUSES, type Replay } from "../model/replay.ts";
import { ok } from "../model/result.ts";
import { cancelReplay, countMatches, findReplay, insertReplay, listReplays, startOf } from "../storage/replays.ts";
import { parseBody } from "./body.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, pageAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";

const DEFAULT_RATE = 20;
const HIGHEST_RATE = 1_000;

const time = z.iso.datetime({ offset: true, error: "has to be an ISO 8601 time, such as 2026-01-31T12:00:00Z" });
const status = z.enum(REPLAYABLE_STATUSES, {
  error: `has to be one of ${REPLAYABLE_STATUSES.join(", ")}: what is pending is being tried anyway`,
});

const filter = z
  .strictObject({
    status: status.nullable().optional(),
    destination_id: idFilter.nullable(),
    integration_id: idFilter.nullable(),
    from: time.nullable().optional(),
    to: time.nullable().optional(),
  })
  .refine(({ from, to }) => !(Date.parse(from ?? "") > Date.parse(to ?? "")), {
    path: ["to"],
    message: "may not be before `from`",
  });

export const creation = z.strictObject({
  filter: filter.optional(),
  dry_run: z.boolean().optional(),
  rate_per_second: z.int().min(1).max(HIGHEST_RATE).optional(),
});

function iso(text: string | null | undefined): string | null {
  return typeof text === "string" ? new Date(text).toISOString() : null;
}

const create: Verb = async (call) => {
  const body = parseBody(call.bodyText, creation);
  if (!body.ok) return body;
  const given = body.value.filter ?? {};
  const { id, at_ms } = call.isolate.mint("rpl");
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
  const count = await countMatches(call.env.DB, begun);
  if (body.value.dry_run === true) return ok({ status: 200, body: { filter: asked, dry_run: true, count } });
  const replay: Replay = { ...begun, count, status: count === 0 ? "done" : "running" };
  return ok({
    status: 201,
    body: replay,
    commit: async (alongside) => {
      await insertReplay(call.env.DB, replay, alongside);
      if (count > 0) await enqueueReplay(call, id, 0);
    },
  });
};

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "rpl", {});
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listReplays(call.env.DB, page), page.limit, (row) => row));
};

const show: Verb = async (call) => {
  const replay = await findReplay(call.env.DB, call.id);
  return replay === null ? notFound("replay") : ok({ status: 200, body: replay });
};

/** Stops a replay; what it has made already goes on. One that is over stays as it is. */
const cancel: Verb = async (call) => {
  const replay = await cancelReplay(call.env.DB, call.id, new Date().toISOString());
  return replay === null ? notFound("replay") : ok({ status: 200, body: replay });
};

export function mountReplays(app: AdminApp): void {
  mount(app, "/replays", { GET: list, POST: create });
  mount(app, "/replays/:id", { GET: show });
  mount(app, "/replays/:id/cancel", { POST: cancel });
}

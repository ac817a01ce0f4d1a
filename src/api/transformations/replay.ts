import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import { readConfig } from "../../storage/config/config.ts";
import { findTransformation } from "../../storage/config/transformations.ts";
import type { TimeRange } from "../../storage/events/log.ts";
import { recordAction } from "../audit/record.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { iso } from "../filters.ts";
import { cursorOf, encodeSlot } from "../paging.ts";
import { notFound } from "../problems.ts";
import { answerSchema, idOf, requestSchema } from "../schema.ts";
import { MAX_EVENTS, listFailed } from "./failed-events.ts";
import { MAX_IN_A_ROW, runAgain } from "./run-again.ts";

/** The failures that a response names, at most. */
const MAX_NAMED = 10;

const replayRequest = requestSchema(
  "TransformationReplayRequest",
  z
    .strictObject({
      from: z.optional(z.nullable(iso)).check(z.describe("Only events that were received at this time or later.")),
      to: z.optional(z.nullable(iso)).check(z.describe("Only events that were received at this time or earlier.")),
      dry_run: z._default(z.boolean(), true).check(z.describe("Counts only. `false` runs the transformation.")),
      cursor: z
        .optional(z.nullable(cursorOf("evt")))
        .check(z.describe("The `next_cursor` of the response before, with the same times.")),
    })
    .check(
      z.refine(({ from, to }) => !(Date.parse(from ?? "") > Date.parse(to ?? "")), {
        path: ["to"],
        message: "must not be before `from`",
      }),
    ),
);

const transformationReplay = answerSchema(
  "TransformationReplay",
  z.strictObject({
    dry_run: z.boolean(),
    count: z
      .int()
      .check(z.describe("The events of this page: those that were found, or else those that were run again.")),
    replayed: z.int().check(z.describe("Those whose transformation succeeded. Their routes have decided.")),
    failed: z.int().check(z.describe("Those whose transformation failed again. They stay as they were.")),
    failures: z
      .array(z.strictObject({ event_id: idOf("evt"), note: z.string() }))
      .check(z.describe(`Why they failed: the first ${MAX_NAMED} of the page.`)),
    stopped: z
      .boolean()
      .check(z.describe(`Whether the page ended early, because ${MAX_IN_A_ROW} or more failed in a row.`)),
    next_cursor: z
      .nullable(z.string())
      .check(z.describe("Null on the last page only; earlier pages may be short or empty.")),
  }),
);

/** The integrations whose events pass a transformation now. */
async function integrationsOf({ primary }: Context, id: string): Promise<readonly string[]> {
  const { integration_transformations: uses } = await readConfig(primary);
  return [...uses].flatMap(([integration, used]) => (used === id ? [integration] : []));
}

function msOf(text: string | null | undefined): number | undefined {
  return typeof text === "string" ? Date.parse(text) : undefined;
}

export const replay = endpoint({
  id: "transformations.replay",
  method: "POST",
  path: "/transformations/{id}/replay",
  scope: "write",
  summary: "Replay the events for which a transformation failed",
  description: `Takes a page of the events with the outcome \`transformation_failed\` of the integrations that have this transformation now, newest first, at most ${MAX_EVENTS}. Unless it is a dry run, each passes the transformation again, with the payload that arrived, and its routes decide. Events whose content is gone are left out. Repeat the request with \`next_cursor\` until it is null. A repetition replays no event twice.`,
  body: optionalJsonBody(replayRequest),
  answers: { 200: returns(transformationReplay, "What became of the events of this page.") },
}).handle(async (request) => {
  const { context, id, body } = request;
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const { dry_run, from = null, to = null, cursor = null } = body;
  const range: TimeRange = { from_ms: msOf(from), to_ms: msOf(to) };
  const { rows, next } = await listFailed(context, await integrationsOf(context, id), range, cursor);
  const next_cursor = next === null ? null : encodeSlot(next);
  if (dry_run) {
    const counted = { dry_run, count: rows.length, replayed: 0, failed: 0, failures: [], stopped: false, next_cursor };
    return { status: 200, body: counted };
  }
  await recordAction(request, "transformation.replayed", stored, { from, to, count: rows.length });
  const { done, failing, is_stopped } = await runAgain(context, rows);
  const failures = [...failing].slice(0, MAX_NAMED).map(([event_id, note]) => ({ event_id, note }));
  const last = rows[done - 1];
  return {
    status: 200,
    body: {
      dry_run,
      count: done,
      replayed: done - failing.size,
      failed: failing.size,
      failures,
      stopped: is_stopped,
      next_cursor: done === rows.length || last === undefined ? next_cursor : encodeSlot(last.event.id),
    },
    // The message of a fault may quote the payload.
    ...(failures.length > 0 ? { shows: SHOWS_MANY } : {}),
  };
});

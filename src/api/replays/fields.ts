import * as z from "zod/mini";
import { REPLAYABLE_STATUSES, REPLAY_STATES } from "../../model/replay.ts";
import { idFilter, pageOf } from "../paging.ts";
import { answerSchema, idOf, requestSchema, stamps, time } from "../schema.ts";

const MAX_RATE = 1_000;
const DEFAULT_RATE = 20;

const givenTime = z.iso.datetime({ offset: true, error: "must be an ISO 8601 time, such as 2026-01-31T12:00:00Z" });
const status = z.enum(REPLAYABLE_STATUSES, {
  error: `must be one of ${REPLAYABLE_STATUSES.join(", ")}: pending deliveries are attempted anyway`,
});

export const replayCreation = requestSchema(
  "ReplayCreation",
  z.strictObject({
    filter: z.optional(
      z
        .strictObject({
          status: z.optional(z.nullable(status)),
          destination_id: z.nullable(idFilter),
          integration_id: z.nullable(idFilter),
          from: z.optional(z.nullable(givenTime)),
          to: z.optional(z.nullable(givenTime)),
        })
        .check(
          z.refine(({ from, to }) => !(Date.parse(from ?? "") > Date.parse(to ?? "")), {
            path: ["to"],
            message: "must not be before `from`",
          }),
        ),
    ),
    dry_run: z.optional(z.boolean()),
    rate_per_second: z._default(z.int().check(z.minimum(1), z.maximum(MAX_RATE)), DEFAULT_RATE),
  }),
);

const filter = answerSchema(
  "ReplayFilter",
  z.strictObject({
    status: z.nullable(z.enum(REPLAYABLE_STATUSES)).check(z.describe("Null for all of them.")),
    destination_id: z.nullable(z.string()),
    integration_id: z.nullable(z.string()),
    from: z.nullable(time),
    to: z.nullable(time),
  }),
);

export const replay = answerSchema(
  "Replay",
  z.strictObject({
    id: idOf("rpl"),
    filter,
    status: z.enum(REPLAY_STATES),
    rate_per_second: z.int(),
    count: z.int().check(z.describe("The number of deliveries to make, counted at the start.")),
    replayed: z.int(),
    failed: z.int(),
    position: z.string().check(z.describe("The last event that the replay has finished.")),
    ...stamps,
  }),
);
export const replayEstimate = answerSchema(
  "ReplayEstimate",
  z.strictObject({ filter, dry_run: z.literal(true), count: z.int() }),
);
export const replayList = pageOf("ReplayList", replay);

import * as z from "zod/mini";
import { REPLAYABLE_STATUSES, REPLAY_STATES } from "../../model/replay.ts";
import { idFilter, pageOf } from "../paging.ts";
import { answerSchema, documentedWith, idOf, objectOnly, requestSchema, stamps, time } from "../schema.ts";

const MAX_RATE = 1_000;
const DEFAULT_RATE = 20;
const MAX_DELIVERY_IDS = 1_000;
const DELIVERY_ID = /^dlv_[0-9A-Za-z]{1,60}$/;

const givenTime = z.iso.datetime({ offset: true, error: "must be an ISO 8601 time, such as 2026-01-31T12:00:00Z" });
const STATUSES = `must be ${REPLAYABLE_STATUSES.join(", ")} or a list of these: pending deliveries are attempted anyway`;
const status = z.enum(REPLAYABLE_STATUSES);

const statuses = documentedWith(
  z.pipe(
    z.union([status, z.array(status).check(z.minLength(1))], STATUSES),
    z.transform((given) => (typeof given === "string" ? [given] : [...new Set(given)])),
  ),
  { description: 'A status or a list; `["dead"]` if it is omitted.' },
);

const replayFilter = z
  .strictObject({
    status: z.optional(z.nullable(statuses)),
    destination_id: z.nullable(idFilter),
    integration_id: z.nullable(idFilter),
    route_id: z.nullable(idFilter),
    from: z.optional(z.nullable(givenTime)),
    to: z.optional(z.nullable(givenTime)),
  })
  .check(
    z.refine(({ from, to }) => !(Date.parse(from ?? "") > Date.parse(to ?? "")), {
      path: ["to"],
      message: "must not be before `from`",
    }),
  );

export const replayCreation = requestSchema(
  "ReplayCreation",
  z
    .strictObject({
      filter: z.optional(objectOnly(replayFilter)),
      delivery_ids: z
        .optional(
          z
            .array(z.string().check(z.regex(DELIVERY_ID, "is not the id of a delivery")))
            .check(z.minLength(1, "must name at least one delivery"), z.maxLength(MAX_DELIVERY_IDS)),
        )
        .check(z.describe("Instead of `filter`: the deliveries to repeat.")),
      dry_run: z._default(z.boolean(), true).check(z.describe("Counts only. `false` starts the replay.")),
      rate_per_second: z._default(z.int().check(z.minimum(1), z.maximum(MAX_RATE)), DEFAULT_RATE),
    })
    .check(
      z.refine(({ filter: given, delivery_ids }) => given !== undefined || delivery_ids !== undefined, {
        path: ["filter"],
        message: 'is required, or else delivery_ids. It must not be empty: {"status":"dead"} takes all dead deliveries',
      }),
      z.refine(({ filter: given, delivery_ids }) => given === undefined || delivery_ids === undefined, {
        path: ["delivery_ids"],
        message: "cannot be combined with filter",
      }),
    ),
);

const filter = answerSchema(
  "ReplayFilter",
  z.strictObject({
    status: z.array(z.enum(REPLAYABLE_STATUSES)),
    destination_id: z.nullable(z.string()),
    integration_id: z.nullable(z.string()),
    route_id: z.nullable(z.string()),
    from: z.nullable(time),
    to: z.nullable(time),
    delivery_ids: z.nullable(z.array(z.string())),
  }),
);

const count_is_exact = z
  .boolean()
  .check(z.describe("False if more may match: a count reads at most 100,000 events. The replay itself reads all."));

export const replay = answerSchema(
  "Replay",
  z.strictObject({
    id: idOf("rpl"),
    filter,
    status: z.enum(REPLAY_STATES),
    rate_per_second: z.int(),
    count: z.int().check(z.describe("The number of deliveries to make, counted at the start.")),
    count_is_exact,
    replayed: z.int(),
    failed: z.int(),
    position: z.string().check(z.describe("The last event that the replay has finished.")),
    ...stamps,
  }),
);
export const replayEstimate = answerSchema(
  "ReplayEstimate",
  z.strictObject({
    filter,
    dry_run: z.literal(true),
    count: z.int(),
    count_is_exact,
    unknown_delivery_ids: z
      .array(z.string())
      .check(z.describe("Those of the request's `delivery_ids` that are not on record; empty without that field.")),
  }),
);
export const replayList = pageOf("ReplayList", replay);

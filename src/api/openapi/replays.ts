import * as z from "zod/mini";
import { REPLAYABLE_STATUSES, REPLAY_STATES, type Replay } from "../../model/replay.ts";
import { creation } from "../replays/replays.ts";
import { type Section, acting, creating, deleting, listing, showing } from "./old-operation.ts";
import { anyJson, pageOf, stamps, idOf, time } from "./shared.ts";

const filter = z.strictObject({
  status: z.nullable(z.enum(REPLAYABLE_STATUSES)).check(z.describe("Null for all of them.")),
  destination_id: z.nullable(z.string()),
  integration_id: z.nullable(z.string()),
  from: z.nullable(time),
  to: z.nullable(time),
});

const replay = z.strictObject({
  id: idOf("rpl"),
  filter,
  status: z.enum(REPLAY_STATES),
  rate_per_second: z.int(),
  count: z.int().check(z.describe("Deliveries to make, as it began.")),
  replayed: z.int(),
  failed: z.int(),
  position: z.string().check(z.describe("The last event that it is through with.")),
  ...stamps,
}) satisfies z.ZodMiniType<Replay>;

const estimate = z.strictObject({ filter, dry_run: z.literal(true), count: z.int() });

const page = pageOf(replay);
const path = "/api/v1/replays";

export const replays: Section = {
  tag: "replays",
  requests: { ReplayCreation: creation },
  answers: { Replay: replay, ReplayFilter: filter, ReplayEstimate: estimate, ReplayList: page },
  operations: [
    listing(page, { id: "listReplays", path, summary: "List replays" }),
    creating(creation, replay, {
      id: "createReplay",
      path,
      summary: "Replay deliveries in bulk",
      answers: {
        200: { description: "With `dry_run`: how many it would make.", schema: estimate },
        201: { description: "It was begun.", schema: replay },
      },
    }),
    showing(replay, { id: "getReplay", path: `${path}/{id}`, summary: "Show how far a replay is" }),
    acting(null, replay, { id: "cancelReplay", path: `${path}/{id}/cancel`, summary: "Stop a replay" }),
  ],
};

const letter = z.strictObject({
  id: z.string(),
  queue: z.string(),
  error: z.string(),
  message: anyJson,
  received_at: time,
});

const letterPage = pageOf(letter);
const letterPath = "/api/v1/dead-letters";

export const deadLetters: Section = {
  tag: "dead-letters",
  description: "Messages that the gateway could not process.",
  requests: {},
  answers: { DeadLetter: letter, DeadLetterList: letterPage },
  operations: [
    listing(letterPage, { id: "listDeadLetters", path: letterPath, summary: "List dead letters" }),
    showing(letter, { id: "getDeadLetter", path: `${letterPath}/{id}`, summary: "Show a dead letter" }),
    deleting({ id: "deleteDeadLetter", path: `${letterPath}/{id}`, summary: "Delete a dead letter" }),
    acting(null, letter, {
      id: "replayDeadLetter",
      path: `${letterPath}/{id}/replay`,
      summary: "Send a message to its queue again",
      problems: {
        409: "Which queue it belongs to cannot be told.",
        503: "The queue did not take it: try again.",
      },
    }),
  ],
};

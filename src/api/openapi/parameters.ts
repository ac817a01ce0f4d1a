import { limit } from "../paging.ts";
import { convertParameter } from "./convert.ts";

/** Parameters that many operations take. */
export const PARAMETERS = {
  Id: { name: "id", in: "path", required: true, schema: { type: "string" } },
  Key: { name: "key", in: "path", required: true, schema: { type: "string" } },
  Limit: { name: "limit", in: "query", schema: convertParameter(limit) },
  Cursor: {
    name: "cursor",
    in: "query",
    description: "`next_cursor` of the page before.",
    schema: { type: "string" },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description: "Within a day, a request is done once under a key and answered alike; while it runs, with 409.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
} as const;

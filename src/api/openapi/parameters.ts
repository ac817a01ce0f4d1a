import type * as z from "zod/mini";
import { COMPONENT_NAMES } from "../schema.ts";
import { convertParameter } from "./convert.ts";

/** Parameters that many operations share. */
export const SHARED_PARAMETERS = {
  Id: { name: "id", in: "path", required: true, schema: { type: "string" } },
  Key: { name: "key", in: "path", required: true, schema: { type: "string" } },
  Limit: {
    name: "limit",
    in: "query",
    schema: { type: "integer", minimum: 1, maximum: 250, default: 50 },
  },
  Cursor: {
    name: "cursor",
    in: "query",
    description: "`next_cursor` of the previous page.",
    schema: { type: "string" },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Within a day, requests under the same key run once and get the same answer; while the first one runs, others get 409.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
} as const;

/** The reference to a shared parameter. */
export function sharedParameter(name: string): object {
  return { $ref: `#/components/parameters/${name}` };
}

/** A query parameter, shared or of one operation. */
export function queryParameter(name: string, schema: z.ZodMiniType): object {
  const shared = COMPONENT_NAMES.parameters.get(schema);
  return shared === undefined ? { name, in: "query", schema: convertParameter(schema) } : sharedParameter(shared);
}

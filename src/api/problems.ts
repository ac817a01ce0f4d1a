import { type FieldError, fail } from "../model/result.ts";
import { logLine } from "../platform/log.ts";
import { SegmentError } from "../storage/segments/errors.ts";
import type { Refusal } from "./request.ts";

export function refuseBody(errors: readonly FieldError[]): Refusal {
  return fail({ code: "invalid_body", title: "The body was not accepted.", errors });
}

export function refuseQuery(errors: readonly FieldError[]): Refusal {
  return fail({ code: "invalid_query", title: "The query was not accepted.", errors });
}

/** For resources in a shard whose bindings are gone. */
export function shardNotBound(shard: number): Refusal {
  return fail({
    code: "shard_not_bound",
    title: `Shard ${shard}, which stores the events of this integration, is not bound.`,
  });
}

export function notFound(what: string): Refusal {
  return fail({ code: "not_found", title: `No ${what} has this id.` });
}

/** Runs what reads the log. An event whose segment is damaged or gone cannot be read until somebody mends that. */
export async function refuseDamagedSegment<T>(run: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SegmentError)) throw error;
    logLine("error", "segment.read_failed", { segment_id: error.key, error: error.message });
    return fail({
      code: "segment_damaged",
      title: "The segment of the log that has this event cannot be read.",
      detail: error.message,
    });
  }
}

import { type FieldError, fail } from "../model/result.ts";
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

import { type FieldError, fail } from "../model/result.ts";
import type { Refusal } from "./request.ts";

export function refuseBody(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The body was not accepted.", errors });
}

export function refuseQuery(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The query was not accepted.", errors });
}

/** For resources in a shard whose bindings are gone. */
export function shardNotBound(shard: number): Refusal {
  return fail({ status: 503, title: `Shard ${shard}, which stores the events of this integration, is not bound.` });
}

export function notFound(what: string): Refusal {
  return fail({ status: 404, title: `No ${what} has this id.` });
}

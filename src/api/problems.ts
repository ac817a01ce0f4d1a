import type { Problem } from "../net/problem.ts";
import { type FieldError, fail } from "../model/result.ts";

type Refusal = { readonly ok: false; readonly error: Problem };

export function refuseBody(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The body was not accepted.", errors });
}

export function refuseQuery(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The query was not accepted.", errors });
}

/** What is asked for is in a shard whose bindings are gone. */
export function shardNotBound(shard: number): Refusal {
  return fail({ status: 503, title: `Shard ${shard}, which keeps the events of this integration, is not bound.` });
}

export function notFound(what: string): Refusal {
  return fail({ status: 404, title: `No ${what} has this id.` });
}

import type { Problem } from "../http/problem.ts";
import { type FieldError, fail } from "../model/result.ts";

type Refusal = { readonly ok: false; readonly error: Problem };

export function refuseBody(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The body was not accepted.", errors });
}

export function refuseQuery(errors: readonly FieldError[]): Refusal {
  return fail({ status: 400, title: "The query was not accepted.", errors });
}

export function notFound(what: string): Refusal {
  return fail({ status: 404, title: `No ${what} has this id.` });
}

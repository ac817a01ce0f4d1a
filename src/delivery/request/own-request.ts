import type { BudgetSource } from "../../model/budget.ts";
import type { Captured } from "../../model/captured.ts";
import type { DestinationRequest } from "../../model/destination.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { type Result, ok } from "../../model/result.ts";
import type { Body } from "./rendered-body.ts";
import { templateScope } from "./template-body.ts";
import { renderUrl } from "./url-template.ts";

/** Returns what the request of an event's type changes beside the body: the URL, the method, and what is captured. */
export function changesOf(
  { url, method, capture }: DestinationRequest,
  event: Deliverable,
  captured: Captured,
  work: BudgetSource,
): Result<Pick<Body, "url" | "method" | "capture">, string> {
  const rest = { ...(method === undefined ? {} : { method }), ...(capture === undefined ? {} : { capture }) };
  if (url === undefined) return ok(rest);
  const scope = templateScope(event, captured, work);
  if (!scope.ok) return scope;
  const rendered = renderUrl(url, scope.value, work);
  return rendered.ok ? ok({ ...rest, url: rendered.value }) : rendered;
}

import type { JsonObject } from "../../model/json.ts";
import { type Result, ok } from "../../model/result.ts";
import type { Deliverable } from "../envelope.ts";
import { readEnvelope, templateScope } from "../template-scope.ts";

/** What the templates of a destination's options can read: the same as those of its payload. */
export function scopeOf(event: Deliverable): Result<JsonObject, string> {
  const envelope = readEnvelope(event);
  return envelope.ok ? ok(templateScope(envelope.value)) : envelope;
}

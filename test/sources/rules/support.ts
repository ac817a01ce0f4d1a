import { check } from "../../../src/api/field-errors.ts";
import type { Json, JsonObject } from "../../../src/model/json.ts";
import type { FieldError, Result } from "../../../src/model/result.ts";
import { rulesOptions } from "../../../src/sources/rules/options.ts";
import { prepareRules } from "../../../src/sources/rules/rules.ts";
import { rulesShape } from "../../../src/sources/rules/schema.ts";
import { RULE_SETS } from "../../../src/sources/rules/sets/index.ts";
import type { SourceEvent, SourceRequest } from "../../../src/sources/source.ts";

export type Sent = {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json | undefined;
  readonly text?: string;
};

export function requestOf({ method = "POST", query = "", headers = {}, body, text }: Sent): SourceRequest {
  const written = text ?? (body === undefined ? "" : JSON.stringify(body));
  const type = text === undefined && body !== undefined ? { "content-type": "application/json" } : {};
  return {
    method,
    query,
    headers: { ...type, ...headers },
    body: new TextEncoder().encode(written),
    text: written,
    is_utf8: true,
  };
}

/** Applies rules to a request. The options go through their schema, as they do when they are saved and read. */
export function interpret(options: JsonObject, sent: Sent): Result<readonly SourceEvent[], readonly FieldError[]> {
  const stored: JsonObject = JSON.parse(JSON.stringify(rulesOptions().parse(options)));
  const interpreter = prepareRules(rulesShape().parse(stored), RULE_SETS);
  return interpreter(requestOf(sent), {
    integration: { id: "int_1", name: "Monitoring", type: "rules" },
    eventIdAt: (index) => `evt_${index}`,
  });
}

export function eventsOf(options: JsonObject, sent: Sent): readonly SourceEvent[] {
  const events = interpret(options, sent);
  if (!events.ok) throw new Error(JSON.stringify(events.error));
  return events.value;
}

/** Returns the errors of options, as `path: message`. */
export function faultsIn(options: JsonObject): readonly string[] {
  const checked = check(rulesOptions(), options);
  return checked.ok ? [] : checked.error.map(({ path, message }) => `${path}: ${message}`);
}

/** Options with one rule, which creates an alert. */
export function create(action: JsonObject, match: JsonObject = {}): JsonObject {
  return { rules: [{ match, actions: [{ type: "create", title: "t", ...action }] }] };
}

export function fieldsOf(event: SourceEvent | undefined): object {
  return event?.signal.action === "create" ? event.signal.fields : {};
}

export function noteOf(event: SourceEvent | undefined): string | null {
  return event === undefined ? null : event.signal.note;
}

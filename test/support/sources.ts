import { expect } from "vitest";
import type { Signal } from "../../src/model/event.ts";
import type { FieldError, Result } from "../../src/model/result.ts";
import { type IntegrationType, SOURCES } from "../../src/sources/registry.ts";
import { decodeText } from "../../src/sources/reading/charset.ts";
import { prepareRules } from "../../src/sources/rules/rules.ts";
import { rulesShape } from "../../src/sources/rules/schema.ts";
import { RULE_SETS } from "../../src/sources/rules/sets/index.ts";
import type { Interpreter, SourceEvent } from "../../src/sources/source.ts";

type Sent = {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly options?: object;
};

/** The id of the first event. */
export const EVENT_ID = "evt_0000000000000000000000000000";
export const INTEGRATION_ID = "int_1";

const ids = (index: number): string => `evt_${String(index).padStart(28, "0")}`;

function interpreterOf(type: IntegrationType, options: object): Interpreter {
  if (type === "rules") return prepareRules(rulesShape().parse(options), RULE_SETS);
  return SOURCES[type].prepare(SOURCES[type].options.parse(options));
}

/** Interprets a body: bytes, a text, or any other value as JSON. */
export function interpret(
  type: IntegrationType,
  body: unknown,
  { query = "", headers = {}, options = {} }: Sent = {},
): Result<readonly SourceEvent[], readonly FieldError[]> {
  const bytes =
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const request = { method: "POST", query, headers, body: bytes, ...decodeText(bytes, headers["content-type"] ?? "") };
  const integration = { id: INTEGRATION_ID, name: "Night watch", type };
  return interpreterOf(type, options)(request, { integration, eventIdAt: ids });
}

/** Returns the only event of a body. */
export function eventOf(type: IntegrationType, body: unknown, sent?: Sent): SourceEvent {
  const result = interpret(type, body, sent);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  const [first, ...others] = result.value;
  expect(others).toEqual([]);
  if (first === undefined) throw new Error("no event");
  return first;
}

/** Returns the errors of a refused body. */
export function errorsOf(type: IntegrationType, body: unknown, sent?: Sent): readonly FieldError[] {
  const result = interpret(type, body, sent);
  expect(result).toMatchObject({ ok: false });
  return result.ok ? [] : result.error;
}

/** Returns the signal of a body that opens or updates an alert. */
export function openingOf(
  type: IntegrationType,
  body: unknown,
  sent?: Sent,
): Extract<Signal, { action: "create" | "update" | "remind" }> {
  const { signal } = eventOf(type, body, sent);
  if (!("fields" in signal)) throw new Error(`opens nothing: ${signal.action}`);
  return signal;
}

/** Returns the errors of options, by path. */
export function optionFaults(type: IntegrationType, options: object): Record<string, string> {
  const parsed = SOURCES[type].options.safeParse(options);
  if (parsed.success) return {};
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join("."), message]));
}

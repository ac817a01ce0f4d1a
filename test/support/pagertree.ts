import { expect } from "vitest";
import type { Signal } from "../../src/model/event.ts";
import type { PagertreeOptions } from "../../src/model/integration.ts";
import type { FieldError } from "../../src/model/result.ts";
import { SOURCES } from "../../src/sources/registry.ts";
import type { SourceEvent } from "../../src/sources/source.ts";

type Sent = {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly options?: Partial<PagertreeOptions>;
};

/** The id that the event is given. */
export const EVENT_ID = "evt_0000000000000000000000000001";
export const INTEGRATION = { id: "int_1", name: "Night watch", type: "pagertree" };

function read(body: unknown, { query = "", headers = {}, options = {} }: Sent = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { method: "POST", query, headers, body: new TextEncoder().encode(text), text, is_utf8: true };
  const given = SOURCES.pagertree.options.parse(options);
  return SOURCES.pagertree.prepare(given)(request, { integration: INTEGRATION, eventIdAt: () => EVENT_ID });
}

/** The one event that a body comes to. */
export function event(body: unknown, sent?: Sent): SourceEvent {
  const result = read(body, sent);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) throw new Error("refused");
  const [first, ...others] = result.value;
  expect(others).toEqual([]);
  if (first === undefined) throw new Error("no event");
  return first;
}

/** Why a body is refused. */
export function errors(body: unknown, sent?: Sent): readonly FieldError[] {
  const result = read(body, sent);
  expect(result).toMatchObject({ ok: false });
  return result.ok ? [] : result.error;
}

export function paths(body: unknown, sent?: Sent): string[] {
  return errors(body, sent).map(({ path }) => path);
}

/** The signal of a create with these fields beside those that it needs. */
export function created(fields: object, sent?: Sent): Extract<Signal, { action: "create" | "update" | "remind" }> {
  const { signal } = event({ event_type: "create", Id: "gen-4", Title: "Fuel low", ...fields }, sent);
  if (signal.action !== "create") throw new Error(`not a create: ${signal.action}`);
  return signal;
}

export const alertOf = (fields: object, sent?: Sent) => created(fields, sent).fields;

import { expect } from "vitest";
import type { CatchOptions } from "../../src/model/integration.ts";
import type { Json } from "../../src/model/json.ts";
import { SOURCES } from "../../src/sources/registry.ts";
import { decodeText } from "../../src/sources/reading/charset.ts";
import type { SourceEvent } from "../../src/sources/source.ts";

export type Sent = {
  readonly method?: string;
  readonly query?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly options?: Partial<CatchOptions>;
};

/** What a catch hook makes of a request; a body that is neither text nor bytes is sent as JSON. */
export function read(sent: unknown, { method = "POST", query = "", type, headers = {}, options = {} }: Sent = {}) {
  const isWritten = typeof sent === "string" || sent instanceof Uint8Array;
  const written = typeof sent === "string" ? sent : JSON.stringify(sent);
  const body = sent instanceof Uint8Array ? sent : new TextEncoder().encode(written);
  const contentType = type ?? (isWritten ? undefined : "application/json");
  const all = contentType === undefined ? headers : { "content-type": contentType, ...headers };
  const request = { method, query, headers: all, body, ...decodeText(body, contentType ?? "") };
  const given = SOURCES.catch.options.parse(options);
  const context = { integration: { id: "int_1", name: "Front door", type: "catch" }, eventIdAt: () => "evt_1" };
  return SOURCES.catch.prepare(given)(request, context);
}

export function events(sent: unknown, how?: Sent): readonly SourceEvent[] {
  const result = read(sent, how);
  expect(result).toMatchObject({ ok: true });
  return result.ok ? result.value : [];
}

/** The one event that a request comes to. */
export function event(sent: unknown, how?: Sent): SourceEvent {
  const [first, ...others] = events(sent, how);
  expect(others).toEqual([]);
  if (first === undefined) throw new Error("no event");
  return first;
}

export const payload = (sent: unknown, how?: Sent): Json => event(sent, how).payload;
export const payloads = (sent: unknown, how?: Sent): Json[] => events(sent, how).map((each) => each.payload);

/** Why a request is refused. */
export function refusal(sent: unknown, how?: Sent): string {
  const result = read(sent, how);
  expect(result).toEqual({ ok: false, error: [{ path: "", message: expect.any(String) }] });
  return result.ok ? "" : (result.error[0]?.message ?? "");
}

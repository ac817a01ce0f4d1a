import type { SampleList } from "../../../client/index.ts";

export type StoredSample = SampleList["data"][number];

/** A request to preview, as its fields hold it. */
export type SampleDraft = {
  /** A header on each line, such as `content-type: application/json`. */
  readonly headers: string;
  readonly body: string;
};

/** What the browser sets itself, or what belongs to the stored bytes and not to the text of the editor. */
const LEFT_OUT = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "cookie",
  "host",
  "transfer-encoding",
]);
const NAME = /^[\w!#$%&'*+.^`|~-]+$/u;
const VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/u;
/** The API's own `Authorization` authenticates the session, so the sender's has this name. */
const SENDER_AUTHORIZATION = "hookgate-authorization";

export type Headers =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Reads headers from lines, as the preview takes them. */
export function readHeaders(text: string): Headers {
  const headers = new Map([["content-type", "application/json"]]);
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [name = "", ...rest] = line.split(":");
    const value = rest.join(":").trim();
    const lower = name.trim().toLowerCase();
    if (rest.length === 0) return { ok: false, line: index + 1, message: "A header is a name, a colon and a value." };
    if (!NAME.test(lower)) return { ok: false, line: index + 1, message: "This is not the name of a header." };
    if (!VALUE.test(value))
      return { ok: false, line: index + 1, message: "The value has a character that no header has." };
    if (LEFT_OUT.has(lower)) continue;
    headers.set(lower === "authorization" ? SENDER_AUTHORIZATION : lower, value);
  }
  return { ok: true, headers: Object.fromEntries(headers) };
}

/** Returns a stored request as the fields hold it. */
export function draftOfSample(sample: StoredSample | undefined): SampleDraft {
  if (sample === undefined) return { headers: "content-type: application/json", body: "" };
  const lines = Object.entries(sample.headers)
    .filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`);
  return { headers: lines.join("\n"), body: sample.body };
}

import type { WholeEvent } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";

/** curl sets these itself, or they belong to one connection. */
const OMITTED =
  /^(?:host|content-length|connection|accept-encoding|transfer-encoding|cf-.*|x-forwarded-.*|x-real-ip)$/i;
/** Ingest replaces a credential by this mark, which would not be accepted. */
const REDACTED = /^\[?redacted\]?$|^•+$/i;

/** Quotes a text for a POSIX shell. Inside single quotes only the single quote has a meaning. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Returns the command that sends an event's request again. A credential is left for the reader to fill in. */
export function curlCommand(url: string, event: Pick<WholeEvent, "payload" | "headers">): string {
  const { payload } = event;
  const sent = Object.entries(event.headers ?? {}).filter(([name]) => !OMITTED.test(name));
  const headers = sent.map(
    ([name, value]) => `${name}: ${REDACTED.test(value) ? `YOUR-${name.toUpperCase()}` : value}`,
  );
  if (!sent.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(typeof payload === "string" ? "content-type: text/plain" : "content-type: application/json");
  }
  const body = typeof payload === "string" ? payload : writeJson(payload);
  return [
    `curl -sS ${quote(url)}`,
    ...headers.map((header) => `-H ${quote(header)}`),
    `--data-raw ${quote(body)}`,
  ].join(" \\\n  ");
}

import type { StoredRequest } from "../model/event.ts";
import type { SourceRequest } from "../sources/source.ts";

// Keeps a byte order mark, so that encoding the text again gives the bytes that arrived.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes as text, or null where they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The request as it is kept: its body can be had back byte for byte. */
export function storedRequestOf(request: SourceRequest): StoredRequest {
  const { method, query, headers, body, text } = request;
  return text === null
    ? { method, query, headers, body: body.toBase64(), body_encoding: "base64" }
    : { method, query, headers, body: text, body_encoding: "utf8" };
}

import { type TextReader, decodeUtf8 } from "../../model/utf8.ts";

const CHARSET = /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/i;
const XML_ENCODING = /^\s*<\?xml\s[^?]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})/;
const UTF8 = /^utf-?8$/i;
/** The first character of a JSON document, or white space before it. */
const STARTS_JSON: ReadonlySet<number | undefined> = new Set(Array.from('{["\t\n\r ', (mark) => mark.charCodeAt(0)));

export const UNDECODABLE_BODY = "The body is neither valid UTF-8 nor in the encoding that it names.";

/** A body as text; `is_utf8`: the text has these bytes, so that it can be stored in their place. */
export type DecodedBody = { readonly text: string | null; readonly is_utf8: boolean };

/** Returns the encoding that a content type names; null if it names none. */
export function charsetOf(contentType: string): string | null {
  return CHARSET.exec(contentType)?.[1] ?? null;
}

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false });
  } catch {
    return null;
  }
}

function decodeBy(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Decodes bytes in the encoding that their sender names; null if they are invalid in it and as UTF-8, too. Every text is valid
 * in Windows-1252, which the labels ISO-8859-1 and US-ASCII also mean, and senders name them out of habit: bytes that are
 * valid UTF-8 are UTF-8 then. In other encodings a text can be valid UTF-8 by chance, so that the name counts.
 */
export function decodeAs(label: string, bytes: Uint8Array): string | null {
  const decoder = UTF8.test(label) ? null : decoderOf(label);
  if (decoder === null) return decodeUtf8(bytes);
  if (decoder.encoding === "windows-1252") return decodeUtf8(bytes) ?? decodeBy(decoder, bytes);
  return decodeBy(decoder, bytes) ?? decodeUtf8(bytes);
}

/** Returns the byte order of UTF-16 from a byte order mark, or from the zero byte of the first character of JSON. */
function utf16Of(body: Uint8Array): "utf-16le" | "utf-16be" | null {
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0 && STARTS_JSON.has(second)) return "utf-16be";
  return second === 0 && STARTS_JSON.has(first) ? "utf-16le" : null;
}

/** Decodes a body in the encoding that it or its content type names, and else as UTF-8 with its byte order mark, by `utf8`. */
export function decodeText(body: Uint8Array, contentType: string, utf8: TextReader = decodeUtf8): DecodedBody {
  const named = utf16Of(body) ?? charsetOf(contentType);
  if (named === null || UTF8.test(named)) {
    const text = utf8(body);
    return { text, is_utf8: text !== null };
  }
  const text = decodeAs(named, body);
  return { text, is_utf8: text !== null && text === decodeUtf8(body) };
}

/** Returns the encoding in the declaration at the start of an XML document; null if there is none. */
export function xmlEncodingOf(body: Uint8Array): string | null {
  return XML_ENCODING.exec(String.fromCharCode(...body.subarray(0, 300)))?.[1] ?? null;
}

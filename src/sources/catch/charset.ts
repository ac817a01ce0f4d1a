import type { SourceRequest } from "../source.ts";

const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i;
const XML_ENCODING = /^\s*<\?xml\s[^?]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})/;

/** Decodes bytes; null if the encoding is unknown or the bytes are invalid in it. */
export function decodeAs(encoding: string, body: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return null;
  }
}

/** Returns the encoding that the body or its content type names; null if none does. */
export function encodingOf(body: Uint8Array, contentType: string): string | null {
  if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
  if (body[0] === 0xfe && body[1] === 0xff) return "utf-16be";
  const start = String.fromCharCode(...body.subarray(0, 300));
  return charsetOf(contentType) ?? XML_ENCODING.exec(start)?.[1] ?? null;
}

/** Decodes the body as UTF-8 or else in the encoding that it names; null if both fail. */
export function decode({ body, text }: SourceRequest, contentType: string): string | null {
  if (text !== null) return text;
  const encoding = encodingOf(body, contentType);
  return encoding === null ? null : decodeAs(encoding, body);
}

/** Returns the encoding that a content type names; null if it names none. */
export function charsetOf(contentType: string): string | null {
  return CHARSET.exec(contentType)?.[1] ?? null;
}

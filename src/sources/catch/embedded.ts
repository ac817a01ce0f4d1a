import type { Json } from "../../model/json.ts";
import { readXml } from "../reading/xml.ts";
import { type EmbeddedKind, type Opener, createOpener, readJsonText } from "../reading/embedded-texts.ts";

const FREE_ATTEMPTS = 1_000;
const BYTES_PER_ATTEMPT = 100;

// HTML is content for people and stays text. An article or a mail is often well-formed by chance.
const HTML =
  /^<(?:(?:html|head|body|main|header|footer|nav|article|section|aside|div|p|span|br|hr|h[1-6]|ul|ol|li|dl|table|thead|tbody|tr|td|th|blockquote|pre|code|strong|em|b|i|u|s|small|img|figure|picture|video|audio|svg|form|button|script|style|iframe)[\s/>]|a\s[^>]*\bhref\s*=)/i;

/** Parses a text that is a complete JSON map or list or an XML document; undefined for any other text. */
export function readDocument(text: string): Json | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith("<")) return readJsonText(trimmed);
  if (!trimmed.endsWith(">") || HTML.test(trimmed)) return undefined;
  const parsed = readXml(trimmed);
  // If text and elements are mixed, their order matters, and a map would lose it.
  return parsed.ok && !parsed.value.isMixed ? parsed.value.fields : undefined;
}

const DOCUMENT: EmbeddedKind = { start: /^\s*(?:\{|\[|<)/, read: readDocument };

/** Returns an opener for the JSON and XML within texts of a request of this size. */
export function documentOpener(bytes: number): Opener {
  return createOpener(DOCUMENT, FREE_ATTEMPTS + Math.ceil(bytes / BYTES_PER_ATTEMPT));
}

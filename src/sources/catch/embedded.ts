import type { Json } from "../../model/json.ts";
import { readXml } from "../reading/xml.ts";
import { type EmbeddedKind, type Opener, createOpener, readJsonText } from "../reading/embedded-texts.ts";

const FREE_ATTEMPTS = 1_000;
const BYTES_PER_ATTEMPT = 100;

// Content for people, which is to stay as it is: an article's or a mail's text often is well-formed by chance.
const HTML =
  /^<(?:(?:html|head|body|main|header|footer|nav|article|section|aside|div|p|span|br|hr|h[1-6]|ul|ol|li|dl|table|thead|tbody|tr|td|th|blockquote|pre|code|strong|em|b|i|u|s|small|img|figure|picture|video|audio|svg|form|button|script|style|iframe)[\s/>]|a\s[^>]*\bhref\s*=)/i;

/** What a text says where it is a whole JSON map or list or an XML document, else undefined. */
export function readDocument(text: string): Json | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith("<")) return readJsonText(trimmed);
  if (!trimmed.endsWith(">") || HTML.test(trimmed)) return undefined;
  const parsed = readXml(trimmed);
  // Where text and elements mix, their order says something that a map cannot.
  return parsed.ok && !parsed.value.isMixed ? parsed.value.fields : undefined;
}

const DOCUMENT: EmbeddedKind = { start: /^\s*(?:\{|\[|<)/, read: readDocument };

/** Opens the JSON and XML that stands inside texts, for a request of so many bytes. */
export function documentOpener(bytes: number): Opener {
  return createOpener(DOCUMENT, FREE_ATTEMPTS + Math.ceil(bytes / BYTES_PER_ATTEMPT));
}

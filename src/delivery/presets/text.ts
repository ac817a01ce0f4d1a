// A sender's text in the messages of other products: bounded, and without markup or mentions.

/** The rest of a text is ignored. No product shows as much. */
const MAX_READ = 40_000;
const BREAKS = /\r\n|[\r\u2028\u2029]/gu;
/** Control characters, invisible characters and those that change the direction of writing. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Removes characters that cannot be printed. */
export function clean(text: string): string {
  const start = text.slice(0, MAX_READ).toWellFormed();
  return start.replace(BREAKS, "\n").replace(UNSEEN, "").trim();
}

/** Removes characters that cannot be printed, and line breaks. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, " ");
}

/** The length of a character outside the basic plane. */
const MAX_CHARACTER = 2;

const same = (part: string): string => part;

/**
 * Escapes a text part by part and cuts it, with an ellipsis, at `maxLength` characters of output. It never cuts within the
 * output for one part. The parts of a string are its characters.
 */
export function fit(parts: Iterable<string>, maxLength: number, escape: (part: string) => string = same): string {
  let written = "";
  let kept = "";
  for (const part of parts) {
    written += escape(part);
    if (written.length > maxLength) {
      // A web address that is longer than the room is cut within, so that something of it is shown.
      const room = maxLength - 1 - kept.length;
      return part.length > MAX_CHARACTER ? `${kept}${escape(part).slice(0, room)}…` : `${kept}…`;
    }
    if (written.length < maxLength) kept = written;
  }
  return written;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escapes a part of a text in which `&`, `<` and `>` are markup: Slack's, and the HTML subsets of chat products. */
export function escapeEntities(part: string): string {
  return ENTITIES[part] ?? part;
}

/** Escapes the same marks, and `@` so that it mentions nobody. */
export function escapeMentions(part: string): string {
  return part === "@" ? "@\u200b" : escapeEntities(part);
}

const MARKDOWN_PARTS = /https?:\/\/[\w./?=&%+,~#:-]+|[\s\S]/gu;
const MARKDOWN_MARKS = /^[\\*_~`|[\]()<>#]$/;

/** Splits a text for `escapeMarkdown`. A plain web address is one part, so that it stays intact. */
export function markdownParts(text: string): readonly string[] {
  return text.match(MARKDOWN_PARTS) ?? [];
}

/** Escapes a part of `markdownParts`. */
export function escapeMarkdown(part: string): string {
  if (part === "@") return "@\u200b";
  return MARKDOWN_MARKS.test(part) ? `\\${part}` : part;
}

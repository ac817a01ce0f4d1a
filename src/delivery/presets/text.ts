// A sender's words in other tools' messages: bounded, and without what would be read as markup or as a mention.

/** How much of a text is looked at. No tool shows as much. */
const MAX_READ = 40_000;
const BREAKS = /\r\n|[\r\u2028\u2029]/gu;
/** Control characters, and those that turn the direction of writing or cannot be seen. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** A text without what cannot be printed. */
export function clean(text: string): string {
  const start = text.slice(0, MAX_READ).toWellFormed();
  return start.replace(BREAKS, "\n").replace(UNSEEN, "").trim();
}

/** The same on one line. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, " ");
}

const same = (part: string): string => part;

/**
 * A text as written by `escape`, at most `most` characters long then; what does not fit is cut off with an ellipsis,
 * never within what `escape` wrote for one part. A string has its characters as parts.
 */
export function fit(parts: Iterable<string>, most: number, escape: (part: string) => string = same): string {
  let written = "";
  let kept = "";
  for (const part of parts) {
    written += escape(part);
    if (written.length > most) return `${kept}…`;
    if (written.length < most) kept = written;
  }
  return written;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** For texts in which `&`, `<` and `>` are markup: Slack's, and the subsets of HTML of chat tools. */
export function escapeEntities(part: string): string {
  return ENTITIES[part] ?? part;
}

/** The same, and an `@` that calls nobody. */
export function escapeMentions(part: string): string {
  return part === "@" ? "@\u200b" : escapeEntities(part);
}

const MARKDOWN_PARTS = /https?:\/\/[\w./?=&%+,~#:-]+|[\s\S]/gu;
const MARKDOWN_MARKS = /^[\\*_~`|[\]()<>#]$/;

/** Parts of a text in which Markdown would see markup: plain web addresses are left whole. */
export function markdownParts(text: string): readonly string[] {
  return text.match(MARKDOWN_PARTS) ?? [];
}

/** Writes a part of `markdownParts` so that it stands for itself. */
export function escapeMarkdown(part: string): string {
  if (part === "@") return "@\u200b";
  return MARKDOWN_MARKS.test(part) ? `\\${part}` : part;
}

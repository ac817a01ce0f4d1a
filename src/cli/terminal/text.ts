// Text of senders and of other people is shown on terminals. It must not move the cursor, change colors, hide itself or
// change the direction of other text.

// \p{Cc}: C0, DEL and C1. The others change the direction of text, separate lines, or are invisible.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const UNSAFE_BUT_NEWLINE = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function escape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** Makes text safe for a terminal. Newlines stay. */
export function neutralize(text: string): string {
  return text.replaceAll("\t", "  ").replaceAll(UNSAFE_BUT_NEWLINE, escape);
}

/** Makes text safe for one line of a terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\r\n|[\n\r\t\u2028\u2029]/gu, " ").replaceAll(UNSAFE, escape);
}

/** Escapes in a JSON document what a terminal may interpret. The document stays equal. */
export function neutralizeJson(json: string): string {
  return json.replaceAll(UNSAFE_BUT_NEWLINE, escape);
}

/** Whether text holds something that `neutralizeJson` would escape, or a control character. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) !== -1;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const PLAIN = /^[\u0020-\u007e]*$/;

function widthOfCluster(cluster: string): number {
  if (WIDE.test(cluster)) return 2;
  return /^\p{M}/u.test(cluster) || cluster === "\u200b" ? 0 : 1;
}

/** The columns that text takes on a terminal. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOfCluster(segment);
  return width;
}

/** Cuts text to a number of columns, with `…` at the end. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += widthOfCluster(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** Cuts or fills text to a number of columns. */
export function fit(text: string, columns: number): string {
  const shown = cut(text, columns);
  return shown + " ".repeat(Math.max(0, columns - widthOf(shown)));
}

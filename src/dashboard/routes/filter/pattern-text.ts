const META = /[\\^$.|?*+()[\]{}]/gu;
/** A text without special characters, or with each of them after a backslash. */
const LITERAL = /^(?:[^\\^$.|?*+()[\]{}]|\\[^a-z0-9\s])*$/iu;

/** Returns the pattern that matches exactly this text. */
export function escapePattern(text: string): string {
  return text.replaceAll(META, String.raw`\$&`);
}

export type Literal = { readonly text: string; readonly place: "contains" | "starts_with" | "ends_with" };

/** Returns the text that a pattern looks for and where; null if it is more than a text. */
export function literalOf(pattern: string): Literal | null {
  const begins = pattern.startsWith("^");
  const rest = begins ? pattern.slice(1) : pattern;
  const ends = /(?:^|[^\\])(?:\\\\)*\$$/u.test(rest);
  const body = ends ? rest.slice(0, -1) : rest;
  if ((begins && ends) || !LITERAL.test(body)) return null;
  const text = body.replaceAll(/\\(.)/gsu, "$1");
  return { text, place: begins ? "starts_with" : ends ? "ends_with" : "contains" };
}

// Whether a text contains another one, in any case.

/** A text to find. `ascii` is a part of it that every encoder of JSON writes as it is; "" if there is none. */
export type Needle = { readonly text: string; readonly ascii: string };

// Encoders write other characters of ASCII as escapes, too: `/`, quotation marks, and what HTML gives a meaning.
const UNESCAPED_RUNS = /[0-9a-z _.:,;@#%*()[\]{}!?$^|~-]+/g;

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** Returns what to look for. */
export function needleOf(text: string): Needle {
  const needle = folded(text.trim());
  const runs = needle.match(UNESCAPED_RUNS) ?? [];
  const ascii = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
  return { text: needle, ascii };
}

/** Returns whether a text contains a needle. */
export function contains(text: string, { text: needle }: Needle): boolean {
  return folded(text).includes(needle);
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function unescaped(json: string): string {
  return json.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_all, code?: string, letter?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return letter === undefined ? "" : (ESCAPES[letter] ?? letter);
  });
}

/** Returns whether a value as JSON contains a needle, or the value's own texts do. */
export function valueContains(value: unknown, { text: needle }: Needle): boolean {
  const json = folded(JSON.stringify(value));
  return json.includes(needle) || (json.includes("\\") && unescaped(json).includes(needle));
}

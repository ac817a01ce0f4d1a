// Finds the position of a fault in one pass. V8 reports no position for an unexpected character and quotes the text instead;
// jsonc-parser recurses, so that 5,000 open brackets overflow the stack, and takes a string with a fault for one token.

const SPACE = /[ \t\n\r]*/y;
const MARK = /[{}[\],:]/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*/uy;

/** The next token. `first_…` also allows the end of an empty list or map. */
type Expected = "value" | "first_value" | "name" | "first_name" | "colon" | "more";

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

const OPENS_VALUE: ReadonlySet<Expected> = new Set(["value", "first_value"]);

function afterMark(mark: string, expected: Expected, open: string[]): Expected | null {
  if (mark === "{" || mark === "[") {
    if (!OPENS_VALUE.has(expected)) return null;
    open.push(mark);
    return mark === "{" ? "first_name" : "first_value";
  }
  if (mark === ":") return expected === "colon" ? "value" : null;
  const within = open.at(-1);
  if (mark === ",") {
    if (expected !== "more" || within === undefined) return null;
    return within === "{" ? "name" : "value";
  }
  const isEnd = mark === "}" ? within === "{" : within === "[";
  const isFirst = expected === (mark === "}" ? "first_name" : "first_value");
  if (!isEnd || !(isFirst || expected === "more")) return null;
  open.pop();
  return "more";
}

/** Returns where a text stops being JSON, counted from 0: its length if it ends too early, null if it is JSON. */
function faultPosition(text: string): number | null {
  const open: string[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = matchAt(SPACE, text, at);
    if (at === text.length) return expected === "more" && open.length === 0 ? null : at;
    const marked = matchAt(MARK, text, at);
    if (marked !== -1) {
      const next = afterMark(text.charAt(at), expected, open);
      if (next === null) return at;
      expected = next;
      at = marked;
      continue;
    }
    const isName: boolean = expected === "name" || expected === "first_name";
    if (!isName && !OPENS_VALUE.has(expected)) return at;
    if (text.charAt(at) === '"') {
      const end = matchAt(STRING, text, at);
      if (text.charAt(end) !== '"') return end;
      at = end + 1;
    } else {
      const end = isName ? -1 : matchAt(SCALAR, text, at);
      if (end === -1) return at;
      at = end;
    }
    expected = isName ? "colon" : "more";
  }
}

/** Returns why a text is not JSON, without quoting it, such as "breaks at line 2, column 7 (position 19)". Null if it is JSON. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    if (text.trim() === "") return "is empty";
    const position = faultPosition(text) ?? text.length;
    if (position >= text.length) return "ends too early";
    const before = text.slice(0, position);
    const line = before.split("\n").length;
    return `breaks at line ${line}, column ${position - before.lastIndexOf("\n")} (position ${position})`;
  }
}

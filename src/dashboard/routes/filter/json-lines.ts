import type { Json } from "../../../model/json.ts";
import { parseJson } from "../../../model/portable-json.ts";
import { type Scalar, isScalar } from "./operators.ts";

// JSON with the line of each value, so that the editor can show the gateway's messages where they belong.

export type ReadJson =
  | { readonly ok: true; readonly value: Json; readonly lines: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly line: number; readonly message: string };

const TOKEN = /[ \t\r\n]*(?:("(?:[^"\\\t\r\n]|\\.)*")|([{}[\],:])|(-?[0-9a-zA-Z.+-]+))/uy;
/** Objects and lists within each other; deeper ones would exhaust the stack. */
const MAX_DEPTH = 200;

type Token = { readonly text: string; readonly kind: "string" | "mark" | "word"; readonly line: number };

class SyntaxFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

function parseLiteral({ text, line }: Token): Scalar {
  try {
    const value = parseJson<Json>(text);
    if (isScalar(value)) return value;
  } catch {
    // The message below says it.
  }
  throw new SyntaxFault(line, `${text.slice(0, 40)} is not a JSON value. Put texts in double quotes.`);
}

function createScanner(text: string): { readonly next: () => Token | null } {
  let at = 0;
  let line = 1;
  return {
    next() {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (found === null) {
        const rest = text.slice(at);
        const blank = /^\s*/u.exec(rest)?.[0] ?? "";
        line += blank.split("\n").length - 1;
        at += blank.length;
        if (at >= text.length) return null;
        throw new SyntaxFault(line, "A text is not closed, or a character does not belong here.");
      }
      line += found[0].split("\n").length - 1;
      at = TOKEN.lastIndex;
      const [, string, mark, word] = found;
      const kind = string === undefined ? (mark === undefined ? "word" : "mark") : "string";
      return { text: string ?? mark ?? word ?? "", kind, line };
    },
  };
}

/** Reads JSON. A path names a value as the gateway's messages do: `$or[1].data.alert.urgency`. */
export function readJson(text: string): ReadJson {
  const scanner = createScanner(text);
  const lines = new Map<string, number>();
  let lastLine = 1;
  const take = (expected: string): Token => {
    const token = scanner.next();
    if (token === null) throw new SyntaxFault(lastLine, `The JSON ends too early: ${expected} is missing.`);
    lastLine = token.line;
    return token;
  };
  const readList = (path: string, depth: number): Json[] => {
    const items: Json[] = [];
    for (let token = take("]"); ; token = take("a value")) {
      if (token.text === "]" && token.kind === "mark" && items.length === 0) return items;
      items.push(read(token, `${path}[${items.length}]`, depth));
      const after = take("]");
      if (after.text === "]") return items;
      if (after.text !== ",") throw new SyntaxFault(after.line, "A comma or ] is missing before this.");
    }
  };
  const readMap = (path: string, depth: number): Json => {
    const entries: [string, Json][] = [];
    for (let token = take("}"); ; token = take("a name")) {
      if (token.text === "}" && token.kind === "mark" && entries.length === 0) return {};
      if (token.kind !== "string") throw new SyntaxFault(token.line, "A name in double quotes is missing.");
      const name = String(parseLiteral(token));
      const colon = take(":");
      if (colon.text !== ":") throw new SyntaxFault(colon.line, "A colon is missing after the name.");
      const at = path === "" ? name : `${path}.${name}`;
      const first = take("a value");
      entries.push([name, read(first, at, depth)]);
      lines.set(at, token.line);
      const after = take("}");
      if (after.text === "}") return Object.fromEntries(entries);
      if (after.text !== ",") throw new SyntaxFault(after.line, "A comma or } is missing before this.");
    }
  };
  const read = (token: Token, path: string, depth: number): Json => {
    lines.set(path, token.line);
    if (token.kind !== "mark") return parseLiteral(token);
    if (depth > MAX_DEPTH) throw new SyntaxFault(token.line, "This is nested too deeply.");
    if (token.text === "{") return readMap(path, depth + 1);
    if (token.text === "[") return readList(path, depth + 1);
    throw new SyntaxFault(token.line, `A value is missing before ${token.text}`);
  };
  try {
    const value = read(take("a value"), "", 0);
    const rest = scanner.next();
    if (rest !== null) throw new SyntaxFault(rest.line, "The JSON has ended before this.");
    return { ok: true, value, lines };
  } catch (error) {
    if (error instanceof SyntaxFault) return { ok: false, line: error.line, message: error.message };
    throw error;
  }
}

/** The line of a path, or of the longest beginning of it that the text has. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  let best = { length: -1, line: 1 };
  for (const [known, line] of lines) {
    const isBeginning = path === known || (path.startsWith(known) && /^[.[]/u.test(path.slice(known.length)));
    if (isBeginning && known.length > best.length) best = { length: known.length, line };
  }
  return best.line;
}

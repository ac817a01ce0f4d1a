// Reads the part of Markdown that the pages of docs/sources use. The result is a tree of texts: nothing in it is HTML.

export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly content: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly content: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph"; readonly content: readonly Inline[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: "table";
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

const INLINE =
  /`(?<code>[^`]+)`|\*\*(?<strong>.+?)\*\*|\*(?<emphasis>[^*]+)\*|\[(?<label>[^\]]+)\]\((?<href>[^)\s]+)\)/gu;

/** Reads the marks inside of a line of text. */
export function readInline(source: string): readonly Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  const addText = (text: string): void => {
    if (text !== "") parts.push({ kind: "text", text });
  };
  for (const match of source.matchAll(INLINE)) {
    const { code, strong, emphasis, label, href } = match.groups ?? {};
    addText(source.slice(end, match.index));
    end = match.index + match[0].length;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", content: readInline(strong) });
    else if (emphasis !== undefined) parts.push({ kind: "emphasis", content: readInline(emphasis) });
    else if (label !== undefined && href !== undefined) parts.push({ kind: "link", href, content: readInline(label) });
  }
  addText(source.slice(end));
  return parts;
}

const FENCE = /^```(?<language>\w*)$/u;
const ITEM = /^(?<mark>-|\d+\.) (?<text>.*)$/u;
const ROW = /^\|(?<cells>.*)\|$/u;
const RULE = /^[\s|:-]+$/u;

function cellsOf(line: string): readonly (readonly Inline[])[] {
  const cells = ROW.exec(line)?.groups?.["cells"] ?? "";
  return cells.split(/(?<!\\)\|/u).map((cell) => readInline(cell.trim().replaceAll(String.raw`\|`, "|")));
}

type Kind = "blank" | "fence" | "item" | "row" | "text";

function kindOf(line: string): Kind {
  if (line.trim() === "") return "blank";
  if (FENCE.test(line)) return "fence";
  if (ITEM.test(line)) return "item";
  return ROW.test(line) ? "row" : "text";
}

/** Returns the number of lines from `start` on that belong to one block. */
function lengthOf(lines: readonly string[], start: number, isPart: (line: string) => boolean): number {
  const end = lines.findIndex((line, index) => index > start && !isPart(line));
  return (end === -1 ? lines.length : end) - start;
}

function readItems(lines: readonly string[]): readonly (readonly Inline[])[] {
  const items: string[] = [];
  for (const line of lines) {
    const text = ITEM.exec(line)?.groups?.["text"];
    if (text === undefined) items.push(`${items.pop() ?? ""} ${line.trim()}`);
    else items.push(text);
  }
  return items.map(readInline);
}

/** Reads paragraphs, lists, tables and fenced code. */
export function readBlocks(source: string): readonly Block[] {
  const lines = source.split("\n").map((line) => line.trimEnd());
  const blocks: Block[] = [];
  let at = 0;
  const take = (isPart: (line: string) => boolean): readonly string[] => {
    const length = lengthOf(lines, at, isPart);
    const taken = lines.slice(at, at + length);
    at += length;
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    switch (kindOf(line)) {
      case "blank":
        at += 1;
        break;
      case "fence": {
        const language = FENCE.exec(line)?.groups?.["language"] ?? "";
        const [, ...text] = take((each) => each !== "```");
        at += 1;
        blocks.push({ kind: "code", language, text: text.join("\n") });
        break;
      }
      case "item": {
        const items = readItems(take((each) => kindOf(each) === "item" || /^\s+\S/u.test(each)));
        blocks.push({ kind: "list", isOrdered: /^\d/u.test(line), items });
        break;
      }
      case "row": {
        const [head = "", ...rows] = take((each) => kindOf(each) === "row").filter((each) => !RULE.test(each));
        blocks.push({ kind: "table", head: cellsOf(head), rows: rows.map(cellsOf) });
        break;
      }
      case "text":
        blocks.push({ kind: "paragraph", content: readInline(take((each) => kindOf(each) === "text").join(" ")) });
        break;
    }
  }
  return blocks;
}

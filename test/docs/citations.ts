import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import apiDocument from "../../src/api/openapi/document.json" with { type: "json" };
import { createProgram } from "../../src/cli/program.ts";
import { ROOT, blocksOf, proseOf, spansOf } from "./pages.ts";
import { type Word, commandsIn } from "./shell.ts";

// What a page cites that does not exist. Each function returns the faults as they stand on the page.

const FOLDERS = ["src", "test", "scripts", "docs", ".ci"];
const OWN_COMMANDS_OF_NPM = ["ci", "install", "pack", "version"];

function codeOf(text: string): string[] {
  return [...blocksOf(text).map((block) => block.text), ...spansOf(text)];
}

/** Paths below a folder of the project, and names of files of its root. */
export function missingPaths(text: string): string[] {
  return codeOf(text)
    .flatMap((code) => code.split(/[\s"'(),;]+/))
    .map((word) => word.replace(/^\.\//, "").replace(/[.:]+$/, ""))
    .filter((word) => !/[*<>{}$…|]/.test(word))
    .filter((word) =>
      FOLDERS.includes(word.split("/")[0] ?? "") ? word.includes("/") : /^[\w.-]+\.(md|toml|sql)$/.test(word),
    )
    .filter((path) => !existsSync(join(ROOT, path)));
}

export function unknownScripts(text: string): string[] {
  const names = codeOf(text).flatMap((code) =>
    [...code.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g)].map(([, name = ""]) => name),
  );
  return names.filter((name) => !OWN_COMMANDS_OF_NPM.includes(name) && !Object.hasOwn(manifest.scripts, name));
}

/** The anchors of a page's headings, as GitHub and the site make them. */
function anchorsOf(text: string): string[] {
  const headings = [...proseOf(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  const slugs = headings.map((heading) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
  return slugs.map((slug, index) => {
    const earlier = slugs.slice(0, index).filter((other) => other === slug).length;
    return earlier === 0 ? slug : `${slug}-${earlier}`;
  });
}

/** Links and images whose file or whose heading does not exist, and images without a text. */
export function brokenLinks(page: string, text: string): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]*`/g, "");
  const targets = [
    ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target),
    ...[...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target = ""]) => target),
  ];
  const broken = targets
    .filter((target) => !/^(https?:|mailto:)/.test(target))
    .filter((target) => isBroken(page, text, target));
  const silent = [...prose.matchAll(/!\[\]\([^)]*\)|<img(?![^>]*\balt="[^"]+)[^>]*>/g)].map(([image]) => image);
  return [...broken, ...silent];
}

function isBroken(page: string, text: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
  if (!existsSync(file) || relative(ROOT, file).startsWith("..")) return true;
  if (anchor === undefined || !file.endsWith(".md")) return false;
  return !anchorsOf(path === "" ? text : readFileSync(file, "utf8")).includes(anchor);
}

const PATHS = Object.entries(apiDocument.paths).map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}/?$`),
  methods: Object.keys(operations).map((method) => method.toUpperCase()),
}));

/** Whether the API has an endpoint. Pages may leave out `/api/v1`. */
function isEndpoint(method: string, path: string): boolean {
  const [plain = ""] = path.split("?");
  return PATHS.some(
    ({ pattern, methods }) => methods.includes(method) && (pattern.test(plain) || pattern.test(`/api/v1${plain}`)),
  );
}

/** Endpoints such as `POST /api/v1/routes` that the API does not have. */
export function unknownEndpoints(text: string): string[] {
  return codeOf(text).flatMap((code) =>
    [...code.matchAll(/(?<![\w"])(GET|POST|PUT|PATCH|DELETE) (\/[^\s`"',;|)]*)/g)].flatMap(
      ([all, method = "", path = ""]) => (isEndpoint(method, path.replace(/[.:]$/, "")) ? [] : [all]),
    ),
  );
}

const program = createProgram();

/** Follows the words of a command line to the command that they name. */
function findCommand(words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program;
  let rest = words;
  for (;;) {
    const [name = ""] = rest;
    const next = command.commands.find((each) => each.name() === name || each.aliases().includes(name));
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

/** What is wrong with the words after `hookgate`; null if the command line exists. */
function commandFault(words: readonly string[]): string | null {
  const globals = program.options.flatMap(({ long, short }) => [long, short]);
  const leading = words.findIndex((word, index) => !word.startsWith("-") && !(words[index - 1] ?? "").startsWith("-"));
  const { command, rest } = findCommand(leading < 0 ? [] : words.slice(leading));
  if (command.commands.length > 0 && rest.some((word) => !word.startsWith("-"))) return `no command ${rest.join(" ")}`;
  const known = [...globals, ...command.options.flatMap(({ long, short }) => [long, short]), "--help", "-h"];
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0] ?? "");
  const unknown = flags.find((flag) => !known.includes(flag));
  return unknown === undefined ? null : `no flag ${unknown}`;
}

/** The arguments of each `hookgate` in a script. */
function calls(commands: readonly (readonly Word[])[]): string[][] {
  return commands.flatMap((command) => {
    const words = command.map(({ text }) => text);
    const at = words.indexOf("hookgate");
    const isCalled =
      at >= 0 &&
      words.slice(0, at).every((word) => word === "npx" || word === "run:" || word === "-" || word.includes("="));
    return isCalled ? [words.slice(at + 1)] : [];
  });
}

/** Command lines of `hookgate` with a command or a flag that does not exist. */
export function unknownCommands(text: string): string[] {
  const shell = blocksOf(text).filter(({ language }) => ["sh", "yaml"].includes(language));
  const spans = spansOf(text).filter((span) => /^(npx )?hookgate [a-z-]/.test(span));
  return [...shell.map((block) => block.text), ...spans].flatMap((code) =>
    calls(commandsIn(code)).flatMap((words) => {
      const fault = commandFault(words);
      return fault === null ? [] : [`hookgate ${words.join(" ")}: ${fault}`];
    }),
  );
}

/** Folders and files whose words in capitals are variables, bindings and the like. */
const CODE = [
  "src",
  "scripts",
  "test",
  ".ci",
  ".github",
  "wrangler.toml",
  "vitest.config.ts",
  "schema.sql",
  ".dev.vars.example",
];

function filesIn(path: string): string[] {
  const full = join(ROOT, path);
  if (!/^[^.]*$|^\.(ci|github)$/.test(path)) return [full];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !full.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name));
}

const CAPITALS = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;

const capitals: ReadonlySet<string> = new Set(
  CODE.flatMap(filesIn)
    .filter((file) => !file.startsWith(join(ROOT, "test/docs")))
    .flatMap((file) => readFileSync(file, "utf8").match(CAPITALS) ?? []),
);

/** Variables in capitals, such as `RETRY_SCHEDULE`, that neither the code nor a script of the page knows. `$NAME` is a vendor's. */
export function unknownVariables(text: string): string[] {
  const spans = spansOf(text).filter((span) => !/[{<"$]/.test(span));
  const own = new Set(blocksOf(text).flatMap((block) => block.text.match(CAPITALS) ?? []));
  return spans.flatMap((span) => span.match(CAPITALS) ?? []).filter((word) => !capitals.has(word) && !own.has(word));
}

/** Rows of tables that have another number of cells than their head. */
export function brokenTables(text: string): string[] {
  const tables = proseOf(text).match(/(?:^ *\|.*\n?)+/gm) ?? [];
  const cellsOf = (row: string) =>
    row
      .trim()
      .replaceAll("\\|", "")
      .replaceAll(/`[^`]*`/g, "")
      .split("|").length;
  return tables.flatMap((table) => {
    const [head = "", ...rows] = table.trimEnd().split("\n");
    return rows.filter((row) => cellsOf(row) !== cellsOf(head));
  });
}

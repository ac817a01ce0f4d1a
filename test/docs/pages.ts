import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** Folders whose pages are checked, each with the folders below it or without. */
const FOLDERS = [
  { folder: ".", isDeep: false },
  { folder: ".github", isDeep: false },
  { folder: "docs", isDeep: true },
] as const;

/** The paths of all pages, below the root of the project. */
export const PAGES: readonly string[] = FOLDERS.flatMap(({ folder, isDeep }) =>
  readdirSync(join(ROOT, folder), { recursive: isDeep, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name)),
).toSorted();

/** Pages about products of others, whose variables and words in capitals Hookgate does not know. */
export const isAboutVendor = (page: string): boolean => /^docs\/(?:migrate|presets|signatures|sources)\//.test(page);

export const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");

export type Block = { readonly language: string; readonly line: number; readonly text: string };

const FENCE = /^( *)```([\w-]*)[^\n]*\n([\s\S]*?)^ *```/gm;

/** The code blocks of a page, without the indentation of the list item that they are in. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCE)].map(({ index, 1: indent = "", 2: language = "", 3: body = "" }) => ({
    language,
    line: text.slice(0, index).split("\n").length,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** A page without its code blocks. Lines keep their numbers. */
export function proseOf(text: string): string {
  return text.replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, ""));
}

/** What a page sets between backticks. */
export function spansOf(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
}

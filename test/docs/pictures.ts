import { basename } from "node:path";
import { proseOf } from "./pages.ts";

export type Picture = { readonly name: string; readonly bytes: number };

const MAX_BYTES = 150 * 1_024;
const TWIN: Readonly<Record<string, string>> = { "-light.": "-dark.", "-dark.": "-light." };

/** The names of the pictures that a page shows. */
function picturesOn(text: string): string[] {
  const targets = proseOf(text).matchAll(/\bsrc(?:set)?="([^"]+)"|!\[[^\]]*\]\(([^)\s]+)\)/g);
  return [...targets].map(([, source, target]) => basename(source ?? target ?? ""));
}

/** What is wrong with pictures of the dashboard: no page shows one, one scheme is missing, or one is large. */
export function pictureFaults(pictures: readonly Picture[], pages: readonly string[]): string[] {
  const shown = new Set(pages.flatMap(picturesOn));
  const names = new Set(pictures.map(({ name }) => name));
  return pictures.flatMap(({ name, bytes }) => {
    const twin = name.replace(/-(?:light|dark)\./, (scheme) => TWIN[scheme] ?? scheme);
    return [
      ...(shown.has(name) ? [] : [`no page shows ${name}`]),
      ...(names.has(twin) ? [] : [`${twin} is missing`]),
      ...(bytes > MAX_BYTES ? [`${name} has ${bytes} bytes`] : []),
    ];
  });
}

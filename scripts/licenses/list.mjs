import { readPackage } from "./license.mjs";
import { PARTS } from "./shipped.mjs";

/**
 * The packages of programs, by name, each with the programs that contain it.
 * @param {string} root
 * @param {Partial<import("./shipped.mjs").Shipped>} shipped
 * @returns {import("./render.mjs").Listed[]}
 */
export function listOf(root, shipped) {
  const folders = new Set(PARTS.flatMap((part) => shipped[part] ?? []));
  return [...folders]
    .map((folder) => ({
      ...readPackage(root, folder),
      parts: PARTS.filter((part) => shipped[part]?.includes(folder)),
    }))
    .toSorted((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

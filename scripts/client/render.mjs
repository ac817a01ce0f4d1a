import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "oxfmt";
import { renderOperations } from "./code.mjs";
import { DOCUMENT } from "./document.mjs";
import { readOperations } from "./operations.mjs";
import { renderTypes } from "./types.mjs";

const NOTICE = `// Made from ${DOCUMENT} by \`npm run client\`. Do not edit.\n\n`;

/**
 * Makes the generated files of the client.
 * @param {string} root the folder of package.json
 * @returns {Promise<Record<string, string>>} their text by their names
 */
export async function renderClient(root) {
  /** @type {import("./document.mjs").Document} */
  const document = JSON.parse(await readFile(join(root, DOCUMENT), "utf8"));
  const { printWidth } = JSON.parse(await readFile(join(root, ".oxfmtrc.json"), "utf8"));
  const files = {
    "types.ts": renderTypes(document.components.schemas),
    "operations.ts": renderOperations(document, readOperations(document)),
  };
  const formatted = Object.entries(files).map(async ([name, text]) => {
    const { code, errors } = await format(name, NOTICE + text, { printWidth });
    if (errors.length > 0) throw new Error(`${name} cannot be formatted: ${JSON.stringify(errors)}`);
    return [name, code];
  });
  return Object.fromEntries(await Promise.all(formatted));
}

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GENERATED } from "./client/document.mjs";
import { renderClient } from "./client/render.mjs";

// Writes the generated part of the typed client (src/client). `test/tooling/client.test.ts` compares it with the document.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, GENERATED);

await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await renderClient(root))) {
  await writeFile(join(folder, name), text);
  console.log(`Wrote ${join(GENERATED, name)}`);
}

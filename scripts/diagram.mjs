import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { THEMES, draw } from "./diagram/svg.mjs";

// Writes the diagram at the top of ARCHITECTURE.md, light and dark, from its source.

const IMAGES = join(import.meta.dirname, "../docs/images");

const source = JSON.parse(readFileSync(join(IMAGES, "architecture.json"), "utf8"));
for (const [name, theme] of Object.entries(THEMES)) {
  const file = join(IMAGES, `architecture-${name}.svg`);
  writeFileSync(file, draw(source, theme));
  console.log(`Wrote docs/images/architecture-${name}.svg`);
}

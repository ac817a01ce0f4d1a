import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { THEMES, draw } from "./diagram/svg.mjs";

// Writes the diagrams of ARCHITECTURE.md and docs/concepts.md, light and dark, from their sources.

const IMAGES = join(import.meta.dirname, "../docs/images");

for (const diagram of ["architecture", "concepts"]) {
  const source = JSON.parse(readFileSync(join(IMAGES, `${diagram}.json`), "utf8"));
  for (const [theme, colors] of Object.entries(THEMES)) {
    const name = `${diagram}-${theme}.svg`;
    writeFileSync(join(IMAGES, name), draw(source, colors));
    console.log(`Wrote docs/images/${name}`);
  }
}

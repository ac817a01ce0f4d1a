import { expect, it } from "vitest";
import * as z from "zod/mini";
import { buildDocument } from "../../../src/api/openapi/build.ts";
import { SOURCES } from "../../../src/sources/registry.ts";

/** The document as the text that is served: as an object it would be built whenever an isolate starts. */
function asModule(document: object): string {
  const literal = JSON.stringify(document).replace(/[\\']/g, "\\$&");
  return `/** document.json as it is served; written by \`npm run openapi\`. */\nexport const DOCUMENT =\n  '${literal}';\n`;
}

it("serves the document that today's schemas make: npm run openapi writes it anew", async () => {
  const document = buildDocument();
  await expect(`${JSON.stringify(document, null, 1)}\n`).toMatchFileSnapshot("../../../src/api/openapi/document.json");
  await expect(asModule(document)).toMatchFileSnapshot("../../../src/api/openapi/document-text.ts");
});

it("the types that the document has one schema of options for do take the same", () => {
  const [retrace, ...others] = (["retrace", "backtrace", "thousandeyes"] as const).map((type) =>
    z.toJSONSchema(SOURCES[type].options, { io: "input" }),
  );
  for (const other of others) expect(other).toEqual(retrace);
});

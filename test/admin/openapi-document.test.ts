import { expect, it } from "vitest";
import * as z from "zod";
import { buildDocument } from "../../src/admin/openapi/build.ts";
import { SOURCES } from "../../src/sources/registry.ts";

it("serves the document that today's schemas make: npm run openapi writes it anew", async () => {
  const text = `${JSON.stringify(buildDocument(), null, 1)}\n`;
  await expect(text).toMatchFileSnapshot("../../src/admin/openapi/document.json");
});

it("the types that the document has one schema of options for do take the same", () => {
  const [retrace, ...others] = (["retrace", "backtrace", "thousandeyes"] as const).map((type) =>
    z.toJSONSchema(SOURCES[type].options, { io: "input" }),
  );
  for (const other of others) expect(other).toEqual(retrace);
});

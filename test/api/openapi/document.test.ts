import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import * as z from "zod/mini";
import { createApiRoutes } from "../../../src/api/api.ts";
import { buildDocument } from "../../../src/api/openapi/build.ts";
import document from "../../../src/api/openapi/document.json" with { type: "json" };
import { SOURCES } from "../../../src/sources/registry.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, statusOf } from "../../support/api.ts";

it("the committed document is the one that the declarations make: npm run openapi updates it", async () => {
  const built = `${JSON.stringify(buildDocument(), null, 1)}\n`;
  await expect(built).toMatchFileSnapshot("../../../src/api/openapi/document.json");
});

it("is served to tokens that may read, and only to them", async () => {
  const reply = await client.openapi.get();
  expect(statusOf(reply)).toBe(200);
  expect(unwrap(reply)).toEqual(document);
  expect((await createApiRoutes().request("/openapi.json", {}, env)).status).toBe(401);
});

it("the types that the document has one schema of options for do take the same", () => {
  const [retrace, ...others] = (["retrace", "backtrace", "thousandeyes"] as const).map((type) =>
    z.toJSONSchema(SOURCES[type].options, { io: "input" }),
  );
  for (const other of others) expect(other).toEqual(retrace);
});

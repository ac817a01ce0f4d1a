import { reset } from "cloudflare:test";
import { afterEach, beforeEach } from "vitest";
import { forgetIsolate } from "../../src/isolate.ts";
import { applySchema } from "./schema.ts";

beforeEach(() => applySchema());

afterEach(async () => {
  await reset();
  forgetIsolate();
});

import { reset } from "cloudflare:test";
import { afterEach, beforeEach } from "vitest";
import { forgetContext } from "../../src/context.ts";
import { applySchema } from "./schema.ts";

beforeEach(() => applySchema());

afterEach(async () => {
  await reset();
  forgetContext();
});

import { reset } from "cloudflare:test";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetContext } from "../../src/context.ts";
import { applySchema } from "./schema.ts";

beforeEach(() => applySchema());

afterEach(async () => {
  vi.useRealTimers();
  await reset();
  forgetContext();
});

import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetContext } from "../../src/context.ts";
import { platformOf } from "../../src/platform/shards.ts";
import { applySchema } from "../support/schema.ts";

beforeEach(async () => {
  for (const { db } of platformOf(env).shards) await applySchema(db);
});

afterEach(async () => {
  vi.useRealTimers();
  await reset();
  forgetContext();
});

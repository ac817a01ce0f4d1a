import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import { forgetIsolate } from "../../src/context.ts";
import { shardsOf } from "../../src/platform/shards.ts";
import { applySchema } from "../support/schema.ts";

beforeEach(async () => {
  for (const { DB } of shardsOf(env)) await applySchema(DB);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
  forgetIsolate();
});

import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, createIntegration } from "./api.ts";

// A test may end before the consumers of the real queues have what it sent. It must not be written into the next test's database.

async function post(title: string, count = 1): Promise<void> {
  const { url } = await createIntegration({ type: "catch" });
  for (let number = 0; number < count; number++) {
    const request = new Request(url, { method: "POST", body: JSON.stringify({ title }) });
    expect((await worker.fetch(request, env, createExecutionContext())).status).toBe(200);
  }
}

async function payloads(): Promise<readonly unknown[]> {
  return unwrap(await client.events.list({})).data.map(({ payload }) => payload);
}

test("a test leaves messages in a queue", async () => {
  await post("left behind", 30);
});

test("the test after it gets its own events only", async () => {
  const title = "of its own";
  await post(title);
  await vi.waitFor(async () => expect(await payloads()).toContainEqual({ title }), { timeout: 60_000 });
  expect(await payloads()).toEqual([{ title }]);
});

import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { EventMessage, StoredRequest } from "../../../src/model/event.ts";
import { contextOf } from "../../../src/context.ts";
import { consumeQueued } from "../../support/deliveries.ts";
import { createWorld, eventMessage, insertRouted, processBatch } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

async function startWithOriginal(): Promise<void> {
  await insertRouted(ID);
  await tables.destinations.update({}, { payload: { mode: "original" } });
  contextOf(env).caches.config.forget();
}

function carrying(request: Partial<StoredRequest>): EventMessage {
  const message = eventMessage("create", "disk");
  return { ...message, content: { ...message.content, request: { ...message.content.request, ...request } } };
}

/** Returns the bytes and content types that reach the outside, which fails the first `failures` times. */
function outsideBytes(failures = 0): { bytes: string; type: string | null }[] {
  const seen: { bytes: string; type: string | null }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const bytes = new Uint8Array(await request.arrayBuffer()).toBase64();
    seen.push({ bytes, type: request.headers.get("content-type") });
    return new Response("", { status: seen.length <= failures ? 503 : 200 });
  });
  return seen;
}

describe("the original of a request", () => {
  it("is delivered byte for byte with its content type, also by a retry", async () => {
    await startWithOriginal();
    const seen = outsideBytes(1);
    const body = new Uint8Array([0xff, 0x00, 0xfe, 0x0d, 0x0a]).toBase64();
    const world = createWorld();
    await processBatch(world.context, [
      carrying({ body, body_encoding: "base64", headers: { "content-type": "image/x-odd" } }),
    ]);
    world.pass(5_000);
    await consumeQueued(world);
    expect(seen).toEqual([
      { bytes: body, type: "image/x-odd" },
      { bytes: body, type: "image/x-odd" },
    ]);
  });

  it("keeps white space, a byte order mark and the spelling of numbers", async () => {
    await startWithOriginal();
    const seen = outsideBytes();
    const body = '\ufeff{ "n": 1.0e2,\r\n "big": 12345678901234567890 }';
    await processBatch(createWorld().context, [carrying({ body })]);
    expect(seen).toEqual([{ bytes: new TextEncoder().encode(body).toBase64(), type: "application/octet-stream" }]);
  });
});

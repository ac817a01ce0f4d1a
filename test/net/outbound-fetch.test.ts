import { expect, it, vi } from "vitest";
import { type OutboundRequest, outboundFetch } from "../../src/net/outbound-fetch.ts";
import { allowedUrl } from "../support/urls.ts";

const encoder = new TextEncoder();

function request(max_response_bytes: number): OutboundRequest {
  const url = allowedUrl("https://receiver.example.com/hook");
  return { url, method: "GET", headers: {}, body: null, timeout_ms: 1_000, max_response_bytes };
}

/** A body of ten bytes a chunk without an end, and whether it was cancelled. */
function endlessBody() {
  const seen = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(encoder.encode("0123456789")),
    cancel: () => {
      seen.cancelled = true;
    },
  });
  return { seen, stream };
}

it.each([
  [25, "0123456789012345678901234"],
  [0, null],
])("reads at most %i bytes of a response and cancels the rest", async (max, text) => {
  const { seen, stream } = endlessBody();
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(stream));
  const result = await outboundFetch(request(max));
  expect(result).toMatchObject({
    kind: "responded",
    status: 200,
    body: { ok: true, value: text === null ? null : encoder.encode(text) },
  });
  await vi.waitFor(() => expect(seen.cancelled).toBe(true));
});

it("returns the status of a response whose body breaks off", async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("reset")) });
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(stream, { status: 503 }));
  expect(await outboundFetch(request(10))).toMatchObject({
    kind: "responded",
    status: 503,
    body: { ok: false, error: "incomplete" },
  });
});

it("returns a failed connection as a result", async () => {
  const error = new TypeError("connection refused");
  vi.spyOn(globalThis, "fetch").mockRejectedValue(error);
  expect(await outboundFetch(request(10))).toEqual({ kind: "failed", error });
});

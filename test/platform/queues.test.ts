import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { packBatches, sendBatch } from "../../src/platform/queues.ts";
import { fakeQueue } from "../support/bindings.ts";

describe("batches", () => {
  it("hold at most what one sendBatch takes", () => {
    const items = Array.from({ length: 250 }, (_, index) => index);
    expect(packBatches(items).map((batch) => batch.length)).toEqual([100, 100, 50]);
    const sizes = packBatches([100_000, 100_000, 100_000], { bytesOf: (bytes) => bytes });
    expect(sizes).toEqual([[100_000, 100_000], [100_000]]);
  });

  it("hold every item once, in order, and are within their bounds unless one item is too large", () => {
    const bounds = { maxCount: 4, maxBytes: 10, bytesOf: (size: number) => size };
    fc.assert(
      fc.property(fc.array(fc.nat(12)), (sizes) => {
        const batches = packBatches(sizes, bounds);
        expect(batches.flat()).toEqual(sizes);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(4);
          const bytes = batch.reduce((sum, size) => sum + size, 0);
          expect(bytes <= 10 || batch.length === 1).toBe(true);
        }
      }),
    );
  });
});

describe("a send", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says whether the queue took the messages, and logs what they are about if not", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { queue, sent } = fakeQueue();
    expect(await sendBatch(queue, [{ body: "a" }, { body: "b" }], {})).toBe("sent");
    expect(sent).toEqual(["a", "b"]);
    expect(warn).not.toHaveBeenCalled();
    expect(await sendBatch(fakeQueue("throws").queue, [{ body: "a" }], { replay_id: "rpl_1" })).toBe("failed");
    expect(JSON.parse(String(warn.mock.calls[0]?.[0]))).toMatchObject({ replay_id: "rpl_1", count: 1 });
  });

  it("waits three seconds at most", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const sending = sendBatch(fakeQueue("hangs").queue, [{ body: "a" }], {});
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await sending).toBe("timed_out");
    expect(JSON.parse(String(warn.mock.calls[0]?.[0]))).toMatchObject({ error: "timed_out" });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codingsOf } from "../../src/net/content-codings.ts";
import { decodeBody } from "../../src/net/decode-body.ts";

const MAX = 100_000;

async function encode(bytes: Uint8Array, format: "gzip" | "deflate" | "deflate-raw"): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(
      new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream(format)),
    ).arrayBuffer(),
  );
}

describe("a content coding", () => {
  it("is undone to the bytes that were encoded", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 50_000 }),
        fc.array(fc.constantFrom("gzip", "x-gzip", "deflate"), { minLength: 1, maxLength: 2 }),
        async (bytes, codings) => {
          let encoded: Uint8Array = bytes;
          for (const coding of codings) {
            encoded = await encode(encoded, coding === "deflate" ? "deflate" : "gzip");
          }
          expect(await decodeBody(encoded, codings, MAX)).toEqual({ ok: true, value: bytes });
        },
      ),
      { numRuns: 30 },
    );
  });

  it("may be deflate without its header", async () => {
    const bytes = new TextEncoder().encode('{"n":41}');
    expect(await decodeBody(await encode(bytes, "deflate-raw"), ["deflate"], MAX)).toEqual({ ok: true, value: bytes });
  });

  it("is refused where it is cut off, followed by other bytes, or random", async () => {
    const whole = await encode(new TextEncoder().encode("a text of some length, of some length"), "gzip");
    const broken = [whole.subarray(0, 12), whole.subarray(0, -1), Uint8Array.of(...whole, 1), Uint8Array.of(1, 2, 3)];
    for (const bytes of broken) expect(await decodeBody(bytes, ["gzip"], MAX)).toEqual({ ok: false, error: "invalid" });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        for (const coding of ["gzip", "deflate"]) expect(await decodeBody(bytes, [coding], MAX)).toHaveProperty("ok");
      }),
      { numRuns: 50 },
    );
  });

  it("is cut short where it makes much of little", async () => {
    const bomb = await encode(new Uint8Array(60_000_000), "gzip");
    const nested = await encode(bomb, "gzip");
    expect(await decodeBody(bomb, ["gzip"], MAX)).toEqual({ ok: false, error: "too_large" });
    expect(await decodeBody(nested, ["gzip", "gzip"], MAX)).toEqual({ ok: false, error: "too_large" });
    expect(await decodeBody(await encode(new Uint8Array(MAX), "gzip"), ["gzip"], MAX)).toMatchObject({ ok: true });
  });

  it("is not known beyond two, or by another name", async () => {
    for (const codings of [["br"], ["zstd"], ["gzip", "gzip", "gzip"], ["gzip", "br"]]) {
      expect(await decodeBody(Uint8Array.of(1), codings, MAX)).toEqual({ ok: false, error: "unsupported" });
    }
    expect(codingsOf(" GZIP, identity ,deflate,")).toEqual(["gzip", "deflate"]);
    expect(codingsOf(null)).toEqual([]);
  });
});

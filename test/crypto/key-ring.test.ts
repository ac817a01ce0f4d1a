import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateSecret, secretsMatch, textsMatch } from "../../src/crypto/key-ring.ts";
import { KeysUnavailableError } from "../../src/crypto/keys-unavailable.ts";
import { ringOf } from "../support/key-ring.ts";

const ring = ringOf(7);
const otherRing = ringOf(8);
const texts = fc.string({ unit: "binary", maxLength: 100 });
const ROW = "dst_0000000000000000000000000001";

type Parts = { readonly keyId: string; readonly nonce: Uint8Array; readonly ciphertext: Uint8Array };

function partsOf(sealed: string): Parts {
  const [keyId = "", nonce = "", ciphertext = ""] = sealed.split(".");
  return { keyId, nonce: Uint8Array.fromBase64(nonce), ciphertext: Uint8Array.fromBase64(ciphertext) };
}

function flipped(bytes: Uint8Array, index: number, mask: number): Uint8Array {
  return bytes.map((byte, at) => (at === index ? byte ^ mask : byte));
}

describe("sealed secrets", () => {
  it("open again for the row that they belong to, as they were", async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await ring.unseal(await ring.seal(text, ROW), ROW)).toEqual({ ok: true, value: text });
      }),
    );
  });

  it("keep a byte order mark", async () => {
    const text = "\uFEFFpassword";
    expect(await ring.unseal(await ring.seal(text, ROW), ROW)).toEqual({ ok: true, value: text });
  });

  it("open with a ring of another isolate that has the same master key", async () => {
    const twin = ringOf(7);
    expect(await twin.unseal(await ring.seal("s3cret", ROW), ROW)).toEqual({ ok: true, value: "s3cret" });
  });

  it("do not open for another row", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.string(), async (text, row) => {
        fc.pre(row !== ROW);
        expect(await ring.unseal(await ring.seal(text, ROW), row)).toEqual({ ok: false, error: "tampered" });
      }),
    );
  });

  it("do not open once any bit of nonce or ciphertext has changed", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.integer({ min: 1, max: 255 }), async (text, place, mask) => {
        const { keyId, nonce, ciphertext } = partsOf(await ring.seal(text, ROW));
        const index = place % (nonce.length + ciphertext.length);
        const changed = [flipped(nonce, index, mask), flipped(ciphertext, index - nonce.length, mask)];
        const sealed = [keyId, ...changed.map((bytes) => bytes.toBase64())].join(".");
        expect(await ring.unseal(sealed, ROW)).toEqual({ ok: false, error: "tampered" });
      }),
    );
  });

  it("do not open once they are cut short", async () => {
    const { keyId, nonce, ciphertext } = partsOf(await ring.seal("s3cret", ROW));
    for (let length = 0; length < ciphertext.length; length++) {
      const sealed = `${keyId}.${nonce.toBase64()}.${ciphertext.subarray(0, length).toBase64()}`;
      expect(await ring.unseal(sealed, ROW)).toEqual({ ok: false, error: "tampered" });
    }
  });

  it("never open as another text whatever character of them is changed", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), async (text, place, letter) => {
        const sealed = await ring.seal(text, ROW);
        const index = place % sealed.length;
        const opened = await ring.unseal(sealed.slice(0, index) + letter + sealed.slice(index + 1), ROW);
        if (opened.ok) expect(opened.value).toBe(text);
      }),
    );
  });

  it("say that another master key sealed them", async () => {
    const sealed = await otherRing.seal("s3cret", ROW);
    expect(await ring.unseal(sealed, ROW)).toEqual({ ok: false, error: "unknown_key" });
  });

  it("do not open with another master key that claims the same key id", async () => {
    const { nonce, ciphertext } = partsOf(await otherRing.seal("s3cret", ROW));
    const { keyId } = partsOf(await ring.seal("", ROW));
    const sealed = `${keyId}.${nonce.toBase64()}.${ciphertext.toBase64()}`;
    expect(await ring.unseal(sealed, ROW)).toEqual({ ok: false, error: "tampered" });
  });

  it.each([
    "",
    ".",
    "..",
    "plain text",
    "k.AAAA.AAAA",
    "k.!!!.AAAA",
    `k.${new Uint8Array(12).toBase64()}.???`,
    `k.${new Uint8Array(12).toBase64()}`,
  ])("are refused as malformed: %j", async (sealed) => {
    const opened = await ring.unseal(sealed, ROW);
    expect(opened.ok).toBe(false);
    expect(opened).not.toEqual({ ok: false, error: "tampered" });
  });

  it("are malformed if anything follows them", async () => {
    expect(await ring.unseal(`${await ring.seal("s3cret", ROW)}.more`, ROW)).toEqual({ ok: false, error: "malformed" });
  });

  it("show nothing of the text, and never look the same twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-zA-Z0-9]{6,60}$/), async (text) => {
        const [one, two] = [await ring.seal(text, ROW), await ring.seal(text, ROW)];
        expect(one).not.toBe(two);
        const bytes = partsOf(one).ciphertext;
        const forms = [
          text,
          new TextEncoder().encode(text).toBase64().replaceAll("=", ""),
          new TextEncoder().encode(text).toHex(),
        ];
        for (const form of forms) expect(one).not.toContain(form.slice(0, 8));
        expect(new TextDecoder("latin1").decode(bytes)).not.toContain(text);
      }),
    );
  });
});

describe("token hashes", () => {
  const tokens = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });

  it("match their own token and no other", async () => {
    await fc.assert(
      fc.asyncProperty(tokens, tokens, async (token, other) => {
        const hash = await ring.hashToken(token);
        expect(await ring.tokenMatches(token, hash)).toBe(true);
        expect(await ring.tokenMatches(other, hash)).toBe(other === token);
        expect(await ring.tokenMatches("", hash)).toBe(false);
        expect(await ring.tokenMatches(`${token}x`, hash)).toBe(false);
        const letters = [...token];
        expect(await ring.tokenMatches(letters.slice(0, -1).join(""), hash)).toBe(false);
        expect(hash).not.toContain(new TextEncoder().encode(token).toBase64().replaceAll("=", "").padEnd(12, "~"));
      }),
    );
  });

  it("match nothing if they are cut or empty", async () => {
    const hash = await ring.hashToken("token");
    expect(await ring.tokenMatches("token", "")).toBe(false);
    expect(await ring.tokenMatches("token", hash.slice(0, -1))).toBe(false);
    expect(await ring.tokenMatches("token", `${hash}=`)).toBe(false);
    expect(await ring.tokenMatches("", "")).toBe(false);
  });

  it("made with a key that is not on record say nothing about a token", async () => {
    const hash = await otherRing.hashToken("token");
    await expect(ring.tokenMatches("token", hash)).rejects.toThrow(KeysUnavailableError);
    await expect(ring.tokenMatches("other", hash)).rejects.toThrow(KeysUnavailableError);
  });

  it("are the same on every isolate, because they are looked up", async () => {
    const twin = ringOf(7);
    expect(await twin.hashToken("token")).toBe(await ring.hashToken("token"));
  });
});

describe("comparisons", () => {
  it("say whether two texts are the same", async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (a, b) => {
        expect(textsMatch(a, b)).toBe(a === b);
        expect(textsMatch(a, a)).toBe(true);
        expect(await secretsMatch(a, b)).toBe(a === b);
        expect(await secretsMatch(a, a)).toBe(true);
      }),
    );
  });
});

describe("generated secrets", () => {
  it("carry 32 random bytes after their prefix", () => {
    const made = Array.from({ length: 50 }, () => generateSecret("whsec_"));
    expect(new Set(made).size).toBe(50);
    for (const secret of made) {
      expect(secret.startsWith("whsec_")).toBe(true);
      expect(Uint8Array.fromBase64(secret.slice(6)).length).toBe(32);
    }
  });
});

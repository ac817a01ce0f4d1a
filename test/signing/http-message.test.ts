import { describe, expect, it } from "vitest";
import { importGatewayKey } from "../../src/crypto/gateway-key.ts";
import { contentDigest, signComponents } from "../../src/signing/http-message.ts";
import { hmacSigningKey } from "../../src/signing/signing-key.ts";
import { bytesOf } from "../support/signers.ts";
import { B25, B26, CREATED, ED25519_PUBLIC, ED25519_SEED, SHARED_SECRET } from "../support/rfc9421-vectors.ts";

describe("signatures of HTTP messages", () => {
  it("come to what RFC 9421 B.2.5 publishes for hmac-sha256", async () => {
    const key = await hmacSigningKey("sha256", SHARED_SECRET);
    const signed = await signComponents(key, B25.components, { created: CREATED, keyid: B25.keyid, alg: null });
    expect(signed).toEqual({ ok: true, value: { input: B25.input, signature: B25.signature } });
  });

  it("come to what RFC 9421 B.2.6 publishes for ed25519", async () => {
    const { private_key, public_key } = await importGatewayKey(ED25519_SEED);
    expect(public_key).toEqual(ED25519_PUBLIC);
    const key = { kind: "ed25519", key: private_key, id: B26.keyid } as const;
    const signed = await signComponents(key, B26.components, { created: CREATED, keyid: key.id, alg: null });
    expect(signed).toEqual({ ok: true, value: { input: B26.input, signature: B26.signature } });
  });

  it.each([[" \t application/json \t"], ["\tapplication/json"], ["application/json "]])(
    "are over fields without white space at their ends: %j",
    async (value) => {
      const key = await hmacSigningKey("sha256", SHARED_SECRET);
      const components = B25.components.map((component) =>
        component.name === "content-type" ? { ...component, value } : component,
      );
      const signed = await signComponents(key, components, { created: CREATED, keyid: B25.keyid, alg: null });
      expect(signed).toEqual({ ok: true, value: { input: B25.input, signature: B25.signature } });
    },
  );

  it("keep the white space within a field, where a folded line counts as one space", async () => {
    const key = await hmacSigningKey("sha256", SHARED_SECRET);
    const parameters = { created: CREATED, keyid: "k", alg: null };
    const sign = (value: string) => signComponents(key, [{ name: "content-type", value }], parameters);
    expect(await sign("a;  b")).not.toEqual(await sign("a; b"));
    expect(await sign("a;\r\n   b")).toEqual(await sign("a; b"));
  });

  it("are made in a time that grows as a field does, however many blanks its sender wrote", async () => {
    const key = await hmacSigningKey("sha256", SHARED_SECRET);
    const value = `a${" ".repeat(1_000_000)}b${"\t".repeat(1_000_000)}`;
    const parameters = { created: CREATED, keyid: "k", alg: null };
    const signed = await signComponents(key, [{ name: "content-type", value }], parameters);
    expect(signed).toEqual(await signComponents(key, [{ name: "content-type", value: value.trimEnd() }], parameters));
  });

  it.each(["a\nb", "a\r\nb", "a\rb", "é", "\u0000", "a\u007f"])(
    "are not made over %j, which would not stay one line",
    async (value) => {
      const key = await hmacSigningKey("sha256", SHARED_SECRET);
      const parameters = { created: CREATED, keyid: "k", alg: null };
      expect(await signComponents(key, [{ name: "content-type", value }], parameters)).toEqual({
        ok: false,
        error: "content-type",
      });
    },
  );

  it("escape quotes and backslashes in a key's id", async () => {
    const key = await hmacSigningKey("sha256", SHARED_SECRET);
    const signed = await signComponents(key, [], { created: 1, keyid: String.raw`a"b\c`, alg: "hmac-sha256" });
    expect(signed).toMatchObject({
      value: { input: String.raw`();created=1;keyid="a\"b\\c";alg="hmac-sha256"` },
    });
  });
});

describe("the digest of a body", () => {
  it("comes to what RFC 9530 publishes", async () => {
    expect(await contentDigest(bytesOf('{"hello": "world"}'))).toBe(
      "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
    );
  });
});

import { describe, expect, it } from "vitest";
import { importGatewayKey, publicJwk } from "../../src/crypto/gateway-key.ts";
import { ringOf } from "../support/key-ring.ts";

describe("the gateway's key", () => {
  it("has the public key and thumbprint that RFC 8037 publishes for its seed", async () => {
    // RFC 8037, appendices A.1 to A.3
    const seed = Uint8Array.fromBase64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", { alphabet: "base64url" });
    const { id, public_key } = await importGatewayKey(seed);
    expect(publicJwk(public_key).x).toBe("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    expect(id).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });

  it("signs as RFC 8037 publishes", async () => {
    const seed = Uint8Array.fromBase64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", { alphabet: "base64url" });
    const { private_key } = await importGatewayKey(seed);
    const message = new TextEncoder().encode("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    const signature = await crypto.subtle.sign({ name: "Ed25519" }, private_key, message);
    expect(new Uint8Array(signature).toBase64({ alphabet: "base64url", omitPadding: true })).toBe(
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );
  });

  it("cannot be exported", async () => {
    const [{ private_key }] = await ringOf(7).signingKeys(0);
    expect(private_key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("jwk", private_key)).rejects.toThrow();
  });

  it("is the same on every isolate, differs by master key, and is used for nothing else", async () => {
    const [one, twin, other] = await Promise.all([7, 7, 8].map(async (fill) => (await ringOf(fill).signingKeys(0))[0]));
    expect(twin?.id).toBe(one?.id);
    expect(twin?.public_key).toEqual(one?.public_key);
    expect(other?.public_key).not.toEqual(one?.public_key);
    const { public_key } = await importGatewayKey(new Uint8Array(32).fill(7));
    expect(one?.public_key).not.toEqual(public_key);
  });
});

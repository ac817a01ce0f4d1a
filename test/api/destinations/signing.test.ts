import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { findDestination } from "../../../src/storage/destinations/destinations.ts";
import { type DestinationSigningInput, unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, statusOf, textOf, unchecked } from "../../support/api.ts";

const SECRET = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;
const GENERATED = /^whsec_[A-Za-z0-9+/]{43}=$/;
const HMAC = {
  scheme: "hmac",
  header: "x-sig",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  template: "{{body}}",
};

/** The secrets that are stored for a destination, in the clear. */
async function storedSecrets(id: unknown): Promise<string[]> {
  const destination = await findDestination(asPrimary(env.DB), String(id));
  const opened = (destination?.signing_secrets ?? []).map(async ({ sealed }) => {
    const secret = await contextOf(env).keys.unseal(sealed, String(id));
    return secret.ok ? secret.value : secret.error;
  });
  return await Promise.all(opened);
}

const patch = (id: string, signing: DestinationSigningInput) => client.destinations.update(id, { signing });

describe("the signing of a destination", () => {
  it.each([
    [{ scheme: "standard-webhooks" }, { scheme: "standard-webhooks" }],
    [
      { scheme: "rfc9421", algorithm: "hmac-sha256" },
      { scheme: "rfc9421", algorithm: "hmac-sha256" },
    ],
    [{ scheme: "hmac", header: "X-Sig" }, HMAC],
    [
      { ...HMAC, algorithm: "sha512", encoding: "base64", prefix: "v1,", template: "{{id}}.{{ timestamp }}.{{body}}" },
      { ...HMAC, algorithm: "sha512", encoding: "base64", prefix: "v1,", template: "{{id}}.{{ timestamp }}.{{body}}" },
    ],
  ])("%j has a secret made for it, which is shown once", async (signing, shown) => {
    const made = await createDestination({ signing: unchecked(signing) });
    expect(made.signing).toEqual(shown);
    expect(made.signing_secret).toMatch(GENERATED);
    expect(await storedSecrets(made.id)).toEqual([made.signing_secret]);
    const reply = await client.destinations.get(made.id);
    const text = textOf(reply);
    const json = unwrap(reply);
    expect(json.signing).toEqual(shown);
    expect(text).not.toMatch(/whsec_|sealed|signing_secret/);
  });

  it.each([
    [{ scheme: "standard-webhooks-ed25519" }, { scheme: "standard-webhooks-ed25519" }],
    [{ scheme: "rfc9421" }, { scheme: "rfc9421", algorithm: "ed25519" }],
    [{ scheme: "none" }, { scheme: "none" }],
  ])("%j needs no secret, and has none", async (signing, shown) => {
    const made = await createDestination({ signing: unchecked(signing) });
    expect(made.signing).toEqual(shown);
    expect(made).not.toHaveProperty("signing_secret");
    expect(await storedSecrets(made.id)).toEqual([]);
  });

  it("takes any text as the secret of an hmac, as it is", async () => {
    for (const secret of ["x", " päss\u0000\n", "s".repeat(1_000)]) {
      const made = await createDestination({ signing: { scheme: "hmac", header: "x-sig", secret } });
      expect(made.signing_secret).toBe(secret);
      expect(await storedSecrets(made.id)).toEqual([secret]);
    }
  });

  const hmac = { scheme: "hmac", header: "x-sig" };
  it.each([
    [{ scheme: "v1" }, "signing.scheme"],
    ["standard-webhooks", "signing"],
    [{ scheme: "none", secret: SECRET }, "signing.secret"],
    [{ scheme: "standard-webhooks-ed25519", secret: SECRET }, "signing.secret"],
    [{ scheme: "standard-webhooks", secret: "text" }, "signing.secret"],
    [{ scheme: "standard-webhooks", algorithm: "sha256" }, "signing.algorithm"],
    [{ scheme: "rfc9421", algorithm: "rsa" }, "signing.algorithm"],
    [{ scheme: "rfc9421", secret: SECRET }, "signing.secret"],
    [{ scheme: "rfc9421", algorithm: "hmac-sha256", secret: "text" }, "signing.secret"],
    [{ scheme: "hmac" }, "signing.header"],
    [{ ...hmac, secret: "" }, "signing.secret"],
    [{ ...hmac, secret: "s".repeat(1_001) }, "signing.secret"],
    [{ ...hmac, secret: "\ud800" }, "signing.secret"],
    [{ ...hmac, secret: null }, "signing.secret"],
    [{ ...hmac, algorithm: "md5" }, "signing.algorithm"],
    [{ ...hmac, encoding: "base64url" }, "signing.encoding"],
    [{ ...hmac, prefix: " a" }, "signing.prefix"],
    [{ ...hmac, prefix: "a\r\nb" }, "signing.prefix"],
    [{ ...hmac, prefix: "ä" }, "signing.prefix"],
    [{ ...hmac, template: "" }, "signing.template"],
    [{ ...hmac, template: "{{id}}" }, "signing.template"],
    [{ ...hmac, template: "{{body}}{{body}}" }, "signing.template"],
    [{ ...hmac, template: "{{body}}{{url}}" }, "signing.template"],
    [{ ...hmac, template: `{{body}}${"x".repeat(500)}` }, "signing.template"],
    [{ ...hmac, template: "{{body}}\ud800" }, "signing.template"],
    [{ ...hmac, timestamp_header: "x-t" }, "signing.timestamp_header"],
  ])("is refused with %j, with the place", async (signing, path) => {
    const reply = await client.destinations.create({
      name: "a",
      url: "https://a.example.com/",
      signing: unchecked(signing),
    });
    expect(statusOf(reply)).toBe(400);
    expect(new Set(faultsOf(reply))).toEqual(new Set([path]));
    expect(textOf(reply)).not.toContain(SECRET);
  });

  it.each([
    ["a b"],
    ["ä"],
    [""],
    ["__proto__"],
    ["Content-Type"],
    ["authorization"],
    ["webhook-id"],
    ["Webhook-Signature"],
    ["content-digest"],
    ["signature"],
    ["host"],
    ["user-agent"],
    ["hookgate-gateway"],
  ])("cannot be in the header %j", async (header) => {
    const reply = await client.destinations.create({
      name: "a",
      url: "https://a.example.com/",
      signing: { scheme: "hmac", header },
    });
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(["signing.header"]);
  });
});

describe("a change of the signing", () => {
  it("keeps the secret where the scheme stays, and options that are left out", async () => {
    const { id, signing_secret: secret } = await createDestination({ signing: unchecked({ ...HMAC, prefix: "p=" }) });
    const changed = await patch(id, { scheme: "hmac", encoding: "base64" });
    expect(unwrap(changed).signing).toEqual({ ...HMAC, prefix: "p=", encoding: "base64" });
    expect(unwrap(changed)).not.toHaveProperty("signing_secret");
    expect(await storedSecrets(id)).toEqual([secret]);
  });

  it("keeps the algorithm of rfc9421 if none is named", async () => {
    const { id } = await createDestination({ signing: { scheme: "rfc9421", algorithm: "hmac-sha256" } });
    expect(unwrap(await patch(id, { scheme: "rfc9421" })).signing).toEqual({
      scheme: "rfc9421",
      algorithm: "hmac-sha256",
    });
  });

  it("keeps the secret where it is one of the new scheme's too", async () => {
    const { id, signing_secret: secret } = await createDestination();
    const schemes = [
      { scheme: "rfc9421", algorithm: "hmac-sha256" },
      { scheme: "hmac", header: "x-sig" },
      { scheme: "standard-webhooks" },
    ] as const;
    for (const scheme of schemes) {
      const reply = await patch(id, scheme);
      expect(statusOf(reply)).toBe(200);
      expect(textOf(reply)).not.toContain("whsec_");
      expect(await storedSecrets(id)).toEqual([secret]);
    }
  });

  it("makes a secret if the old one does not suit the new scheme, and shows it", async () => {
    const { id } = await createDestination({ signing: { scheme: "hmac", header: "x-sig", secret: "text" } });
    const reply = await patch(id, { scheme: "standard-webhooks" });
    expect(unwrap(reply).signing_secret).toMatch(GENERATED);
    expect(await storedSecrets(id)).toEqual([unwrap(reply).signing_secret]);
  });

  it("forgets the secret if none is needed, and makes another when one is needed again", async () => {
    const { id, signing_secret: secret } = await createDestination();
    for (const scheme of ["none", "standard-webhooks-ed25519", "rfc9421"] as const) {
      const reply = await patch(id, { scheme });
      expect(unwrap(reply)).not.toHaveProperty("signing_secret");
      expect(await storedSecrets(id)).toEqual([]);
      const again = await patch(id, { scheme: "standard-webhooks" });
      expect(unwrap(again).signing_secret).toMatch(GENERATED);
      expect(unwrap(again).signing_secret).not.toBe(secret);
    }
  });

  it("puts a given secret in the place of all others at once", async () => {
    const { id } = await createDestination();
    await client.destinations.rotateSecret(id);
    expect(unwrap(await patch(id, { scheme: "standard-webhooks", secret: SECRET })).signing_secret).toBe(SECRET);
    expect(await storedSecrets(id)).toEqual([SECRET]);
  });

  it("of other fields leaves a rotation alone", async () => {
    const { id } = await createDestination();
    const rotated = await client.destinations.rotateSecret(id);
    await patch(id, { scheme: "rfc9421", algorithm: "hmac-sha256" });
    await client.destinations.update(id, { name: "b" });
    expect(await storedSecrets(id)).toHaveLength(2);
    expect((await storedSecrets(id))[0]).toBe(unwrap(rotated).signing_secret);
  });
});

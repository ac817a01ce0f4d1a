import { describe, expect, it } from "vitest";
import type { SignatureSettings } from "../../src/model/integration-auth.ts";
import { type Result, fail, ok } from "../../src/model/result.ts";
import { openSecret, verifySignature } from "../../src/signing/inbound.ts";
import type { VerifyingKey } from "../../src/signing/keys.ts";
import { openSigningSecret } from "../../src/signing/outbound.ts";
import { signedHeaders } from "../../src/signing/standard-webhooks.ts";
import { bytesOf } from "../support/signers.ts";

const BODY = bytesOf("Hello, World!");
const URL_CALLED = new URL("https://gate.example.net/");
const AT = 1_790_000_000;
const GITHUB = { scheme: "github" } as const;
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
const GITHUB_SECRET = "It's a Secret to Everybody";
const GITHUB_HEADERS = {
  "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
};

async function keyOf(settings: SignatureSettings, secret: string): Promise<VerifyingKey> {
  const key = await openSecret(settings, secret);
  if (key === null) throw new Error("the secret was refused");
  return key;
}

async function verify<Fault>(
  settings: SignatureSettings,
  keys: readonly VerifyingKey[],
  headers: Readonly<Record<string, string>>,
  body: Result<Uint8Array, Fault>,
) {
  const head = { method: "POST", url: URL_CALLED, headers: new Headers(headers) };
  return await verifySignature(settings, keys, head, () => Promise.resolve(body), AT * 1_000);
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

describe("a signed request is identified", () => {
  it("by the id that is signed", async () => {
    const settings = { scheme: "standard-webhooks" } as const;
    const secret = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;
    const signing = await openSigningSecret(settings, secret);
    if (signing === null) throw new Error("the secret was refused");
    const headers = await signedHeaders([signing], "msg_1", AT, BODY);
    const key = await keyOf(settings, secret);
    const identity = { kind: "id", id: "msg_1" };
    expect(await verify(settings, [key], headers, ok(BODY))).toEqual(ok({ signed_by: key, identity }));
  });

  it("by the digest of the signed message, and the key that signed it is named", async () => {
    const keys = [await keyOf(GITHUB, "another secret"), await keyOf(GITHUB, GITHUB_SECRET)];
    const identity = { kind: "digest", digest: await sha256Of(BODY) };
    const verified = await verify(GITHUB, keys, GITHUB_HEADERS, ok(BODY));
    expect(verified).toEqual(ok({ signed_by: keys[1], identity }));
  });

  it("by nothing if the sender only shows its secret", async () => {
    const settings = { scheme: "gitlab" } as const;
    const key = await keyOf(settings, "s3cret");
    const verified = await verify(settings, [key], { "x-gitlab-token": "s3cret" }, ok(BODY));
    expect(verified).toEqual(ok({ signed_by: key, identity: null }));
  });
});

it("a body that cannot be read is the reader's error", async () => {
  const key = await keyOf(GITHUB, GITHUB_SECRET);
  const error = { reason: "incomplete" } as const;
  expect(await verify(GITHUB, [key], GITHUB_HEADERS, fail(error))).toEqual(fail(error));
});

it("a scheme that this version does not have opens no secret and verifies nothing", async () => {
  const settings: SignatureSettings = JSON.parse('{"scheme":"of-a-later-version"}');
  const key = await keyOf(GITHUB, GITHUB_SECRET);
  expect(await openSecret(settings, GITHUB_SECRET)).toBeNull();
  expect(await verify(settings, [key], GITHUB_HEADERS, ok(BODY))).toEqual(fail("malformed"));
});

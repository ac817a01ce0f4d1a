import { createSigners } from "../../src/delivery/request/signers.ts";
import type { Destination, Signing } from "../../src/model/destination.ts";
import type { KeyRing } from "../../src/crypto/key-ring.ts";
import { destinationWith } from "./configuration.ts";
import { bytesOf } from "./signers.ts";

/** A request as it was signed, with what a receiver needs to check it: one line for the examples in docs/receivers. */
export type SignedRequest = {
  readonly name: string;
  readonly scheme: Signing["scheme"];
  /** The secret, or the gateway's public key. */
  readonly key: string;
  /** What it replaced, where that signs as well. */
  readonly old_key: string | null;
  /** In seconds. */
  readonly now: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly options: Signing;
};

export const SECRET = `whsec_${bytesOf("a secret of thirty-two bytes, ok").toBase64()}`;
export const OLD_SECRET = `whsec_${bytesOf("the one that it replaced, thirty").toBase64()}`;
const TEXT_SECRET = "pass phrase, grüße";
export const NOW = 1_790_000_000;

/** The plainest `hmac` scheme. */
export const HMAC = {
  scheme: "hmac",
  header: "x-sig",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  template: "{{body}}",
} as const;

type Case = { readonly name: string; readonly signing: Signing; readonly secrets: readonly string[] };

/** Every scheme, with one secret and with two. */
export const SIGNING_CASES: readonly Case[] = [
  { name: "standard-webhooks", signing: { scheme: "standard-webhooks" }, secrets: [SECRET] },
  { name: "standard-webhooks, rotating", signing: { scheme: "standard-webhooks" }, secrets: [SECRET, OLD_SECRET] },
  { name: "standard-webhooks-ed25519", signing: { scheme: "standard-webhooks-ed25519" }, secrets: [] },
  { name: "rfc9421 with ed25519", signing: { scheme: "rfc9421", algorithm: "ed25519" }, secrets: [] },
  { name: "rfc9421 with hmac-sha256", signing: { scheme: "rfc9421", algorithm: "hmac-sha256" }, secrets: [SECRET] },
  {
    name: "rfc9421 with hmac-sha256, rotating",
    signing: { scheme: "rfc9421", algorithm: "hmac-sha256" },
    secrets: [SECRET, OLD_SECRET],
  },
  { name: "hmac of the body", signing: HMAC, secrets: [TEXT_SECRET] },
  {
    name: "hmac of everything, rotating",
    signing: {
      ...HMAC,
      algorithm: "sha512",
      encoding: "base64",
      prefix: "sha512=",
      template: "{{id}}|{{timestamp}}|{{body}}|",
    },
    secrets: [TEXT_SECRET, "another"],
  },
  {
    name: "hmac with a comma in its prefix, rotating",
    signing: { ...HMAC, algorithm: "sha1", prefix: "v1,", template: "{{timestamp}}.{{body}}" },
    secrets: ["one", "two"],
  },
];

const REQUEST = {
  id: "dlv_01h455vb4pex5vsknk084sn02q",
  now_ms: NOW * 1_000 + 400,
  method: "POST",
  url: new URL("https://receiver.example.com:8443/hooks/in?tenant=a%20b&x=1#never-sent"),
  content_type: " application/json; charset=utf-8",
} as const;
const BODY = '{"type":"alert.created","text":"grüße, \\"1.50\\"", "n": 1.50}';

export async function destinationOf(ring: KeyRing, { signing, secrets }: Case): Promise<Destination> {
  const { id } = destinationWith({});
  const signing_secrets = await Promise.all(
    secrets.map(async (secret, index) => ({
      sealed: await ring.seal(secret, id),
      expires_at: index === 0 ? null : new Date((NOW + 60) * 1_000).toISOString(),
    })),
  );
  return destinationWith({ signing, signing_secrets });
}

/** The same request, signed in the given way; `key` is that of the newest secret. */
export async function signedRequest(ring: KeyRing, given: Case): Promise<SignedRequest> {
  const signed = await createSigners(ring).sign(await destinationOf(ring, given), { ...REQUEST, body: bytesOf(BODY) });
  if (!signed.ok) throw new Error(signed.error);
  const [{ public_key }] = await ring.signingKeys(0);
  return {
    name: given.name,
    scheme: given.signing.scheme,
    key: given.secrets[0] ?? `whpk_${public_key.toBase64()}`,
    old_key: given.secrets[1] ?? null,
    now: NOW,
    method: REQUEST.method,
    url: REQUEST.url.href.replace(REQUEST.url.hash, ""),
    headers: { "content-type": REQUEST.content_type.trim(), ...signed.value },
    body: BODY,
    options: given.signing,
  };
}

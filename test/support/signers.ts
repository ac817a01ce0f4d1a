import type { SignatureSettings } from "../../src/model/integration-auth.ts";

// Parts of the signers in test/fixtures/signatures. They follow the vendors' documentation and share no code with the
// verification.

export type SignedRequest = { readonly method: string; readonly url: string; readonly headers: Record<string, string> };

/** A sender with a secret of its own. */
export type Signer = {
  /** The secret that an integration needs to verify the signatures. */
  readonly secret: string;
  /** Returns the raw signature of a body that is sent at a time in seconds. */
  readonly sign: (body: Uint8Array, at: number) => Promise<Uint8Array>;
};

export type Sender = {
  readonly name: string;
  readonly settings: SignatureSettings;
  readonly encoding: "hex" | "base64";
  /** The header of the signature. */
  readonly header: string;
  readonly is_timestamped: boolean;
  /** Whether the header may contain several signatures. */
  readonly takes_several: boolean;
  readonly create: (seed: string) => Promise<Signer>;
  /** Returns a request with these signatures, in the notation of the scheme or in any other. */
  readonly request: (signatures: readonly string[], body: Uint8Array, at: number) => Promise<SignedRequest>;
  readonly body: (at: number) => string;
};

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

export async function macOf(hash: string, key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

export async function sha256Hex(message: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", message)).toHex();
}

export function after(head: string, body: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytesOf(head), ...body]);
}

export const URL_OF_INTEGRATION = "https://gate.example.net/integration/int_1";
// JSON.stringify would write the spaces, the escape and the number differently.
export const jsonBody = (at: number): string =>
  `{ "webhookTimestamp": ${at * 1_000}, "name":"J\\u00fcrgen", "amount": 1.50 }`;

export const post = (headers: Record<string, string>, url = URL_OF_INTEGRATION): Promise<SignedRequest> =>
  Promise.resolve({ method: "POST", url, headers: { "content-type": "application/json", ...headers } });

export const byText =
  (hash: string, head: (at: number) => string): Sender["create"] =>
  (seed) => {
    const secret = `shared-${seed}-0123456789`;
    return Promise.resolve({ secret, sign: (body, at) => macOf(hash, bytesOf(secret), after(head(at), body)) });
  };

export const nothing = (): string => "";
export const HEX = { encoding: "hex", body: jsonBody, takes_several: false } as const;

/** An HMAC-SHA256 of the body in a header. */
export function hmacOfBody(scheme: string, header: string, prefix: string, takes_several = false): Sender {
  return {
    ...HEX,
    name: scheme,
    settings: { scheme },
    header,
    takes_several,
    is_timestamped: false,
    create: byText("SHA-256", nothing),
    request: (signatures) => post({ [header]: signatures.map((each) => prefix + each).join(",") }),
  };
}

/** An HMAC-SHA256 of `v0:time:body` in a header. */
export function hmacOfTimeAndBody(scheme: string, header: string, timestampHeader: string): Sender {
  return {
    ...HEX,
    name: scheme,
    settings: { scheme },
    header,
    is_timestamped: true,
    create: byText("SHA-256", (at) => `v0:${at}:`),
    request: ([signature], _, at) => post({ [header]: `v0=${signature}`, [timestampHeader]: String(at) }),
  };
}

export async function ed25519(form: (publicKey: Uint8Array) => string, head: (at: number) => string): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no key pair");
  const exported = await crypto.subtle.exportKey("raw", pair.publicKey);
  if (!(exported instanceof ArrayBuffer)) throw new Error("no raw key");
  return {
    secret: form(new Uint8Array(exported)),
    sign: async (body, at) =>
      new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, after(head(at), body))),
  };
}

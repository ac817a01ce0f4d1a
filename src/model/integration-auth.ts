export const HMAC_ALGORITHMS = ["sha1", "sha256", "sha384", "sha512"] as const;
export type HmacAlgorithm = (typeof HMAC_ALGORITHMS)[number];

export const SIGNATURE_ENCODINGS = ["hex", "base64"] as const;
export type SignatureEncoding = (typeof SIGNATURE_ENCODINGS)[number];

/** How the text of a secret spells the key: as it is, or in a notation of bytes, as Microsoft Teams and Airtable show it. */
export const SECRET_ENCODINGS = ["text", "base64", "hex"] as const;
export type SecretEncoding = (typeof SECRET_ENCODINGS)[number];

/** An HMAC in a header of its own, over a text made of the body and what other headers say. */
export type HmacFormat = {
  readonly header: string;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  /** What stands before each signature, such as `sha256=`. */
  readonly prefix: string;
  readonly timestamp_header: string | null;
  readonly id_header: string | null;
  /** The names of the signature and the time in a header that is a list, such as `t=…,v1=…`; null if the header is not a list. */
  readonly signature_field: string | null;
  readonly timestamp_field: string | null;
  /** What is signed: `{{body}}` once, `{{method}}`, `{{url}}` and `{{path}}`, and `{{timestamp}}` and `{{id}}` where their headers are named. */
  readonly template: string;
};

/** What signature schemes can be set up with beside a secret. Most schemes take none of these. */
export type SignatureOptions = Partial<HmacFormat> & {
  /** The keyed hash of a token that the sender must present once. */
  readonly verify_token_hash?: string;
  /** The issuer of tokens, the audience that they are for (null: the URL of the integration), and the account that they name. */
  readonly issuer?: string;
  readonly audience?: string | null;
  readonly email?: string;
  /** The SNS topic whose messages are accepted; null for any topic. */
  readonly topic_arn?: string | null;
  /** Absent for `text`. */
  readonly secret_encoding?: SecretEncoding;
  /** Whether equal signed messages are one event, if the signature covers neither an id nor a time. */
  readonly idempotent?: boolean;
};

/** A signature scheme by its name in the registry of src/signing, with its options. */
export type SignatureSettings = { readonly scheme: string } & SignatureOptions;

/** A credential that was replaced and is accepted until `expires_at`: a hash or a sealed text, as the current one is. */
export type RetiringCredential = { readonly value: string; readonly expires_at: string };

type Rotating = { readonly previous?: readonly RetiringCredential[] };

/**
 * How senders prove who they are. What is compared is held as a keyed hash, what verifies signatures is sealed. `sealed_secret` is
 * empty if the sender publishes its keys.
 */
export type IntegrationAuth =
  | { readonly type: "none" }
  | ({ readonly type: "token"; readonly header: string; readonly token_hash: string } & Rotating)
  | ({ readonly type: "basic"; readonly username: string; readonly password_hash: string } & Rotating)
  | ({ readonly type: "bearer"; readonly token_hash: string } & Rotating)
  | ({ readonly type: "signature"; readonly sealed_secret: string } & SignatureSettings & Rotating);

/** The property of a stored `auth` that holds its credential. */
export const CREDENTIAL_PROPERTY = {
  token: "token_hash",
  basic: "password_hash",
  bearer: "token_hash",
  signature: "sealed_secret",
} as const satisfies Record<Exclude<IntegrationAuth["type"], "none">, string>;

/** The credential of an integration and those that were replaced by it and are still accepted, newest first. */
export function credentialsInForce(current: string, auth: IntegrationAuth, nowMs: number): readonly string[] {
  if (auth.type === "none") return [];
  const retiring = (auth.previous ?? []).filter(({ expires_at }) => Date.parse(expires_at) > nowMs);
  return [current, ...retiring.map(({ value }) => value).toReversed()];
}

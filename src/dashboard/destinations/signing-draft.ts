import type { DestinationSigning, DestinationSigningInput } from "../../client/index.ts";

export const SIGNING_SCHEMES = [
  "standard-webhooks",
  "standard-webhooks-ed25519",
  "rfc9421",
  "hmac",
  "none",
] as const satisfies readonly DestinationSigning["scheme"][];

export const RFC9421_ALGORITHMS = ["ed25519", "hmac-sha256"] as const;
export const HMAC_ALGORITHMS = ["sha256", "sha384", "sha512", "sha1"] as const;
export const ENCODINGS = ["hex", "base64"] as const;

/** The signing scheme as its fields hold it. An empty secret keeps the stored one, or lets the gateway generate one. */
export type SigningDraft = {
  readonly scheme: DestinationSigning["scheme"];
  readonly rfc9421_algorithm: (typeof RFC9421_ALGORITHMS)[number];
  readonly header: string;
  readonly algorithm: (typeof HMAC_ALGORITHMS)[number];
  readonly encoding: (typeof ENCODINGS)[number];
  readonly prefix: string;
  readonly template: string;
  readonly secret: string;
};

const DEFAULT_SIGNING: SigningDraft = {
  scheme: "standard-webhooks",
  rfc9421_algorithm: "ed25519",
  header: "x-signature",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  template: "{{body}}",
  secret: "",
};

export function signingDraftOf(signing: DestinationSigning): SigningDraft {
  switch (signing.scheme) {
    case "standard-webhooks":
    case "standard-webhooks-ed25519":
    case "none":
      return { ...DEFAULT_SIGNING, scheme: signing.scheme };
    case "rfc9421":
      return { ...DEFAULT_SIGNING, scheme: signing.scheme, rfc9421_algorithm: signing.algorithm };
    case "hmac":
      return { ...DEFAULT_SIGNING, ...signing };
  }
}

export function signingInputOf(draft: SigningDraft): DestinationSigningInput {
  const { scheme, rfc9421_algorithm, header, algorithm, encoding, prefix, template } = draft;
  const secret = draft.secret === "" ? {} : { secret: draft.secret };
  switch (scheme) {
    case "standard-webhooks":
      return { scheme, ...secret };
    case "standard-webhooks-ed25519":
    case "none":
      return { scheme };
    case "rfc9421":
      return { scheme, algorithm: rfc9421_algorithm, ...(rfc9421_algorithm === "hmac-sha256" ? secret : {}) };
    case "hmac":
      return { scheme, header, algorithm, encoding, prefix, template, ...secret };
  }
}

/** Whether deliveries are signed with a secret that the receiver must know. */
export function hasSecret(signing: DestinationSigning): boolean {
  switch (signing.scheme) {
    case "standard-webhooks":
    case "hmac":
      return true;
    case "rfc9421":
      return signing.algorithm === "hmac-sha256";
    case "standard-webhooks-ed25519":
    case "none":
      return false;
  }
}

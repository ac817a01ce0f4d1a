import type { SignatureOptions, SignatureSettings } from "../../model/integration-auth.ts";
import type { FieldError, Result } from "../../model/result.ts";
import type { Reading, SignatureFault, SignedHead } from "../claim.ts";
import type { VerifyingKey } from "../keys.ts";
import type { SigningKey } from "../signing-key.ts";

/** The secret that an integration and its sender share. */
export type SharedSecret = {
  /** What a generated secret starts with; null if the vendor issues the secret and none can be generated. */
  readonly generated_prefix: string | null;
  /** Whether the sender brings the secret in a handshake. There is none before that, unless the customer gives one. */
  readonly is_learned?: boolean;
  /** What a secret must be, to complete the sentence "The secret …". */
  readonly form: string;
  /** Returns the key that checks signatures; null if the text is not a secret of this scheme. */
  readonly open: (secret: string, options: SignatureOptions) => Promise<VerifyingKey | null>;
};

/** Options as they are given; one that is left out may be undefined. */
export type GivenOptions = { readonly [Option in keyof SignatureOptions]?: SignatureOptions[Option] | undefined };

/** The settings that a scheme takes beside its secret. */
export type SchemeOptions = {
  readonly takes: readonly (keyof SignatureOptions)[];
  /** Fills in the defaults. The errors name options. */
  readonly complete: (given: GivenOptions) => Result<SignatureOptions, readonly FieldError[]>;
};

/** How a sender signs the requests that it sends to this gateway. */
export type InboundScheme = {
  /** Null if the sender publishes its keys. */
  readonly secret: SharedSecret | null;
  /** Null if the scheme needs only a secret. */
  readonly options: SchemeOptions | null;
  /**
   * Reads from the headers which signatures a request carries, when it was signed, what the signatures cover and how a
   * repeat of the request is recognized. A vendor that signs in the body returns a reader of the body instead.
   */
  readonly read: (
    head: SignedHead,
    settings: SignatureSettings,
    keys: readonly VerifyingKey[],
  ) => Result<Reading, SignatureFault>;
};

/** A request to sign, exactly as it will be sent. `now_ms` is the time of this attempt. */
export type Signable = {
  readonly id: string;
  readonly now_ms: number;
  readonly method: string;
  readonly url: URL;
  readonly content_type: string;
  readonly body: Uint8Array;
};

export type SignatureHeaders = Readonly<Record<string, string>>;

/** What signs a destination's requests: secrets of its own, the gateway's key, or nothing. */
export type KeySource =
  | {
      readonly kind: "secrets";
      /** `whsec`: a prefix and base64, as Standard Webhooks writes secrets; `text`: any text. */
      readonly form: "whsec" | "text";
      /** Returns the key that signs; null if the text is not a secret of this scheme. */
      readonly open: (secret: string) => Promise<SigningKey | null>;
    }
  | { readonly kind: "gateway" }
  | { readonly kind: "nothing" };

/** How this gateway signs the requests of a destination. */
export type OutboundScheme = {
  readonly key_source: KeySource;
  /**
   * Returns the headers to add beside `webhook-id` and `webhook-timestamp`. Every key signs, so that a secret can be
   * rotated. The error is for the log.
   */
  readonly sign: (keys: readonly SigningKey[], request: Signable) => Promise<Result<SignatureHeaders, string>>;
};

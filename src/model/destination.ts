export const DESTINATION_TYPES = ["webhook"] as const;
export type DestinationType = (typeof DESTINATION_TYPES)[number];

/** What a delivery's body is: our envelope, or the bytes and the content type that arrived. */
export const PAYLOAD_MODES = ["envelope", "original"] as const;
export type Payload = { readonly mode: (typeof PAYLOAD_MODES)[number] };

export type Signing = { readonly scheme: "standard-webhooks" };

/** A signing secret, sealed; one that is being rotated out still signs until `expires_at`. */
export type SealedSecret = { readonly sealed: string; readonly expires_at: string | null };

export type Destination = {
  readonly id: string;
  readonly name: string;
  readonly type: DestinationType;
  readonly url: string;
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: { readonly type: "none" };
  readonly signing: Signing;
  readonly signing_secrets: readonly SealedSecret[];
  readonly payload: Payload;
  readonly timeout_ms: number;
  readonly retry_schedule: readonly number[] | null;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

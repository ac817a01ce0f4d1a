import type { Capture } from "./captured.ts";
import type { MessageType } from "./event-types.ts";
import type { JsonObject } from "./json.ts";
import type { ManagedBy } from "./managed-by.ts";
import type { HmacAlgorithm, SignatureEncoding } from "./integration-auth.ts";

/** A `GET` has no body. */
export const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

export const PAYLOAD_MODES = ["envelope", "original", "template", "preset"] as const;

/** The body of a delivery: the envelope, the bytes and content type that arrived, a template, or a tool's format. */
export type Payload =
  | { readonly mode: "envelope" }
  | { readonly mode: "original" }
  | { readonly mode: "template"; readonly content_type: string; readonly body: string }
  | {
      readonly mode: "preset";
      /** A name in the registry of src/delivery/presets. */
      readonly preset: string;
      readonly options: Readonly<Record<string, string>>;
      /** Options that are secrets, such as a routing key, sealed with the destination's id. */
      readonly sealed_options: Readonly<Record<string, string>>;
    };

/** An HMAC in a header, for receivers that support no other scheme. `template` has `{{id}}`, `{{timestamp}}` and `{{body}}`. */
export type HmacSigning = {
  readonly scheme: "hmac";
  readonly header: string;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  readonly prefix: string;
  readonly template: string;
};

export const RFC9421_ALGORITHMS = ["ed25519", "hmac-sha256"] as const;
export type Rfc9421Algorithm = (typeof RFC9421_ALGORITHMS)[number];

/** How deliveries are signed. The secret, if the scheme has one, is stored apart. */
export type Signing =
  | { readonly scheme: "standard-webhooks" }
  | { readonly scheme: "standard-webhooks-ed25519" }
  | { readonly scheme: "rfc9421"; readonly algorithm: Rfc9421Algorithm }
  | HmacSigning
  | { readonly scheme: "none" };

export const SIGNING_SCHEMES = ["standard-webhooks", "standard-webhooks-ed25519", "rfc9421", "hmac", "none"] as const;

/** A sealed signing secret. A replaced one still signs until `expires_at`. */
export type SealedSecret = { readonly sealed: string; readonly expires_at: string | null };

export const CLIENT_AUTHS = ["basic", "post"] as const;

type OAuthClient = {
  readonly token_url: string;
  readonly client_id: string;
  /** Where a token request has the client's secret: in a header, or in the form. */
  readonly client_auth: (typeof CLIENT_AUTHS)[number];
  readonly scope: string | null;
};

/** The gateway's credentials for a destination. Every `sealed_…` is sealed with the destination's id. */
export type DestinationAuth =
  | { readonly type: "none" }
  | { readonly type: "basic"; readonly username: string; readonly sealed_password: string }
  | { readonly type: "bearer"; readonly sealed_token: string }
  | {
      readonly type: "aws_sigv4";
      readonly access_key_id: string;
      readonly region: string;
      /** The service in the signature; null for that of the destination's type. */
      readonly service: string | null;
      readonly sealed_secret_access_key: string;
      readonly sealed_session_token: string | null;
    }
  | (OAuthClient & { readonly type: "oauth2_client_credentials"; readonly sealed_client_secret: string })
  | (OAuthClient & {
      readonly type: "oauth2_authorization_code";
      readonly auth_url: string;
      readonly sealed_client_secret: string | null;
    });

export type OAuth = Extract<DestinationAuth, OAuthClient>;

/** What the request of one type of event has in place of the destination's own. `url` and `body` are templates. */
export type DestinationRequest = {
  readonly method?: Method | undefined;
  readonly url?: string | undefined;
  /** Added to those of the destination, in place of those of the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of `body`. */
  readonly content_type?: string | undefined;
  /** In place of `payload`. */
  readonly body?: string | undefined;
  /** Values of the response that are kept for the alert. */
  readonly capture?: Capture | undefined;
};

/** Requests by the type of the event. */
export type DestinationRequests = Readonly<Partial<Record<MessageType, DestinationRequest>>>;

export type Destination = {
  readonly id: string;
  readonly name: string;
  /** The name of a provider in the registry of src/delivery/providers. */
  readonly type: string;
  /** Empty if the provider calls no URL. */
  readonly url: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers whose names say that their values are secrets. */
  readonly sealed_headers: Readonly<Record<string, string>>;
  /** Names of a sender's headers to send along, in lower case. */
  readonly forward_headers: readonly string[];
  readonly auth: DestinationAuth;
  readonly signing: Signing;
  readonly signing_secrets: readonly SealedSecret[];
  readonly payload: Payload;
  /** What its payloads pass before they are sent, or null. */
  readonly transformation_id: string | null;
  /** Other requests for some types of events. */
  readonly requests: DestinationRequests;
  /** As the provider's schema has parsed them, with the defaults. */
  readonly options: JsonObject;
  readonly timeout_ms: number;
  readonly retry_schedule: readonly number[] | null;
  /** The most attempts in each period, over all isolates. */
  readonly rate_limit: { readonly requests: number; readonly period_seconds: number } | null;
  /** The most attempts at a time, over all isolates. */
  readonly max_concurrency: number | null;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  /** The name that API clients gave it, unique among destinations. */
  readonly external_id: string | null;
  readonly managed_by: ManagedBy | null;
  /** Since when its deliveries wait; null while it is not paused. */
  readonly paused_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

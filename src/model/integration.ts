import type { Urgency } from "./alert.ts";
import type { IntegrationAuth } from "./integration-auth.ts";
import type { JsonObject } from "./json.ts";
import type { ManagedBy } from "./managed-by.ts";

/** LiquidJS templates over `integration` and `data` that replace a source's title and description. */
export type TemplateOptions = {
  readonly title_template: string | null;
  readonly description_template: string | null;
};

export type PagertreeOptions = TemplateOptions & {
  readonly capture_additional_data: boolean;
  /** A JMESPath expression to the object that holds the fields. */
  readonly wrapper_key: string | null;
  readonly default_urgency: Urgency | null;
};

export type CatchOptions = {
  /** A dotted path to the part of the payload that is the event. Applied before an array is fanned out. */
  readonly child_key: string | null;
  readonly fan_out: boolean;
  readonly raw: boolean;
};

/** The response that an integration gives instead of the default. */
export type CustomResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the body was set as an object, so that the API shows it as one. */
  readonly is_json?: true;
};

/** A sender's check of an address: a value of the request that the response must repeat. */
export type OwnHandshake = {
  readonly echo: { readonly from: "query" | "header" | "body"; readonly name: string };
  readonly as: "text" | "json" | "header";
  /** The member or the header that repeats the value; null for text. */
  readonly name: string | null;
};

export type RateLimit = { readonly requests: number; readonly period_seconds: number };

/** An integration, as ingest needs it. */
export type Integration = {
  readonly id: string;
  readonly name: string;
  /** The name of a source in the registry of src/sources. */
  readonly type: string;
  readonly enabled: boolean;
  readonly auth: IntegrationAuth;
  /** CIDRs, or null for anywhere. */
  readonly allowed_ips: readonly string[] | null;
  /** As the source of its type has parsed them, with the defaults. */
  readonly options: JsonObject;
  readonly response: CustomResponse | null;
  readonly rate_limit: RateLimit | null;
  readonly handshake: OwnHandshake | null;
  /** What its events pass before they are routed, or null. */
  readonly transformation_id: string | null;
  /** The last part of its URL, or null while that is its id. */
  readonly address: string | null;
  /** The number of the shard of its events. It never changes. */
  readonly shard: number;
  /** The name that API clients gave it, unique among integrations. */
  readonly external_id: string | null;
  readonly managed_by: ManagedBy | null;
  readonly created_at: string;
  readonly updated_at: string;
};

import type { Urgency } from "./alert.ts";

export const INTEGRATION_TYPES = ["pagertree"] as const;
export type IntegrationType = (typeof INTEGRATION_TYPES)[number];

/** How senders prove who they are. A token is held only as its keyed hash. */
export type IntegrationAuth =
  | { readonly type: "none" }
  | { readonly type: "token"; readonly header: string; readonly token_hash: string };

export type PagertreeOptions = {
  readonly capture_additional_data: boolean;
  readonly default_urgency: Urgency | null;
};

/** The options of each type of integration. */
export type IntegrationOptions = { readonly pagertree: PagertreeOptions };

/** Everything that ingest needs to know of an integration. */
export type Integration = {
  readonly id: string;
  readonly name: string;
  readonly type: IntegrationType;
  readonly enabled: boolean;
  readonly auth: IntegrationAuth;
  readonly options: PagertreeOptions;
  readonly created_at: string;
  readonly updated_at: string;
};

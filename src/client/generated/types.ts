// Made from src/api/openapi/document.json by `npm run client`. Do not edit.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export type IntegrationCreation = {
  readonly name: string;
  readonly type: "pagertree" | "retrace" | "backtrace" | "thousandeyes" | "catch" | "rules";
  readonly enabled?: boolean;
  readonly auth?: IntegrationAuthInput;
  /** Addresses or blocks such as 192.0.2.0/24; null for anywhere. */
  readonly allowed_ips?: readonly string[] | null;
  /** As the integration's `type` has them: `retrace`, `backtrace` and `thousandeyes` those of AlertingOptions. */
  readonly options?: PagertreeOptions | AlertingOptions | CatchOptions | RulesOptions;
  readonly response?: IntegrationResponseInput;
  readonly rate_limit?: IntegrationRateLimitInput;
  readonly shard?: number;
};

export type IntegrationChange = {
  readonly name?: string;
  readonly type?: "pagertree" | "retrace" | "backtrace" | "thousandeyes" | "catch" | "rules";
  readonly enabled?: boolean;
  readonly auth?: IntegrationAuthInput;
  /** Addresses or blocks such as 192.0.2.0/24; null for anywhere. */
  readonly allowed_ips?: readonly string[] | null;
  /** As the integration's `type` has them: `retrace`, `backtrace` and `thousandeyes` those of AlertingOptions. */
  readonly options?: PagertreeOptions | AlertingOptions | CatchOptions | RulesOptions;
  readonly response?: IntegrationResponseInput;
  readonly rate_limit?: IntegrationRateLimitInput;
  readonly shard?: number;
};

/** By default `none`. A credential that is left out is made, or stays. */
export type IntegrationAuthInput =
  | {
      readonly type: "none";
    }
  | {
      readonly type: "token";
      readonly header?: string;
      readonly token?: string;
    }
  | {
      readonly type: "basic";
      readonly username?: string;
      readonly password?: string;
    }
  | {
      readonly type: "bearer";
      readonly token?: string;
    }
  | {
      readonly type: "signature";
      readonly secret?: string;
      readonly scheme:
        | "standard-webhooks"
        | "github"
        | "stripe"
        | "slack"
        | "shopify"
        | "gitlab"
        | "pagerduty"
        | "sentry"
        | "linear"
        | "twilio"
        | "discord"
        | "zoom";
    }
  | {
      readonly type: "signature";
      readonly secret?: string;
      readonly scheme: "grafana";
      readonly header?: string;
      readonly timestamp_header?: string | null;
    }
  | {
      readonly type: "signature";
      readonly secret?: string;
      readonly scheme: "meta";
      readonly verify_token?: string;
    }
  | {
      readonly type: "signature";
      readonly secret?: string;
      readonly scheme: "hmac";
      readonly header?: string;
      readonly algorithm?: "sha1" | "sha256" | "sha512";
      readonly encoding?: "hex" | "base64";
      readonly prefix?: string;
      readonly timestamp_header?: string | null;
      readonly id_header?: string | null;
      readonly template?: string;
    };

export type IntegrationResponseInput = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | JsonObject;
} | null;

export type IntegrationRateLimitInput = {
  readonly requests: number;
  readonly period_seconds: number;
} | null;

export type PagertreeOptions = {
  readonly title_template?: string | null;
  readonly description_template?: string | null;
  readonly expect_every_minutes?: number | null;
  readonly capture_additional_data?: boolean;
  readonly default_urgency?: "low" | "medium" | "high" | "critical" | null;
  readonly wrapper_key?: string | null;
};

export type AlertingOptions = {
  readonly title_template?: string | null;
  readonly description_template?: string | null;
  readonly expect_every_minutes?: number | null;
};

export type CatchOptions = {
  readonly child_key?: string | null;
  readonly fan_out?: boolean;
  readonly raw?: boolean;
  readonly expect_every_minutes?: number | null;
};

export type RulesOptions = {
  readonly rule_set?: string | null;
  readonly rules?:
    | readonly {
        readonly match: JsonObject;
        readonly actions: RuleActions;
      }[]
    | null;
  readonly default?: {
    readonly actions: RuleActions;
  } | null;
  readonly preprocess?:
    | readonly {
        readonly type: "parse_json" | "parse_sns";
      }[]
    | null;
  readonly each?: string | null;
  readonly expect_every_minutes?: number | null;
};

export type RuleActions = readonly (
  | {
      readonly type: "create";
      readonly thirdparty_id?: string | number | boolean;
      readonly dedup_keys?: string | number | boolean | readonly (string | number | boolean)[];
      readonly title: string | number | boolean;
      readonly description?: string | number | boolean;
      readonly urgency?: string | number | boolean;
      readonly tags?: string | readonly (string | number | boolean)[];
      readonly meta?: JsonObject;
      readonly additional_data?: readonly {
        readonly format?: "text" | "link" | "img" | "email" | "phone" | "datetime";
        readonly label: string | number | boolean;
        /** Any JSON; its texts are templates. */
        readonly value: Json;
      }[];
      readonly incident?: string | number | boolean;
      readonly incident_severity?: string | number | boolean;
      readonly incident_message?: string | number | boolean;
    }
  | {
      readonly type: "acknowledge" | "resolve";
      readonly thirdparty_id?: string | number | boolean;
      readonly dedup_keys?: string | number | boolean | readonly (string | number | boolean)[];
    }
  | {
      readonly type: "ignore";
      readonly reason?: string | number | boolean;
    }
)[];

export type TokenRotation = {
  readonly overlap_seconds?: number;
  readonly secret?: string;
};

export type UrlRotation = {
  readonly overlap_seconds?: number;
};

export type DestinationCreation = {
  readonly name: string;
  /** Of a webhook only. */
  readonly url?: string;
  /** It cannot be changed. */
  readonly type?: "webhook" | "document" | "queue" | "email";
  readonly method?: "POST" | "PUT" | "PATCH";
  readonly headers?: DestinationHeadersInput;
  readonly auth?: DestinationAuthInput;
  readonly signing?: DestinationSigningInput;
  readonly payload?: DestinationPayloadInput;
  /** As the destination's `type` has them; a change names only those that change. */
  readonly options?: Readonly<Record<string, never>> | DocumentOptions | QueueOptions | EmailOptions;
  readonly timeout_ms?: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule?: readonly number[] | null;
  readonly rate_limit?: DestinationRateLimitInput;
  readonly max_concurrency?: number | null;
  readonly enabled?: boolean;
} & (
  | {
      /** Of a webhook only. */
      readonly url: string;
    }
  | {
      readonly type: "document" | "queue" | "email";
    }
);

export type DestinationChange = {
  readonly name?: string;
  /** Of a webhook only. */
  readonly url?: string;
  /** It cannot be changed. */
  readonly type?: "webhook" | "document" | "queue" | "email";
  readonly method?: "POST" | "PUT" | "PATCH";
  readonly headers?: DestinationHeadersInput;
  readonly auth?: DestinationAuthInput;
  readonly signing?: DestinationSigningInput;
  readonly payload?: DestinationPayloadInput;
  /** As the destination's `type` has them; a change names only those that change. */
  readonly options?: Readonly<Record<string, never>> | DocumentOptions | QueueOptions | EmailOptions;
  readonly timeout_ms?: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule?: readonly number[] | null;
  readonly rate_limit?: DestinationRateLimitInput;
  readonly max_concurrency?: number | null;
  readonly enabled?: boolean;
};

/** Secrets that are left out of a change stay. */
export type DestinationAuthInput =
  | {
      readonly type: "none";
    }
  | {
      readonly type: "basic";
      readonly username: string;
      readonly password?: string;
    }
  | {
      readonly type: "bearer";
      readonly token?: string;
    }
  | {
      readonly type: "oauth2_client_credentials";
      readonly token_url: string;
      readonly client_id: string;
      readonly client_auth?: "basic" | "post";
      readonly scope?: string | null;
      readonly client_secret?: string;
    }
  | {
      readonly type: "oauth2_authorization_code";
      readonly token_url: string;
      readonly client_id: string;
      readonly client_auth?: "basic" | "post";
      readonly scope?: string | null;
      readonly auth_url: string;
      readonly client_secret?: string | null;
    };

/** By default `standard-webhooks`, with a secret that is made. */
export type DestinationSigningInput =
  | {
      readonly scheme: "standard-webhooks";
      readonly secret?: string;
    }
  | {
      readonly scheme: "standard-webhooks-ed25519";
    }
  | {
      readonly scheme: "rfc9421";
      readonly algorithm?: "ed25519" | "hmac-sha256";
      readonly secret?: string;
    }
  | {
      readonly scheme: "hmac";
      readonly header?: string;
      readonly algorithm?: "sha1" | "sha256" | "sha512";
      readonly encoding?: "hex" | "base64";
      readonly prefix?: string;
      readonly template?: string;
      readonly secret?: string;
    }
  | {
      readonly scheme: "none";
    };

/** By default `envelope`. */
export type DestinationPayloadInput =
  | {
      readonly mode: "envelope";
    }
  | {
      readonly mode: "original";
    }
  | {
      readonly mode: "template";
      readonly content_type?: string;
      readonly body: string;
    }
  | {
      readonly mode: "preset";
      readonly preset:
        | "slack"
        | "discord"
        | "teams"
        | "google-chat"
        | "pagerduty"
        | "opsgenie"
        | "telegram"
        | "pagertree"
        | "cloudevents"
        | "zapier";
      /**
       * By preset; others take none. pagerduty: routing_key (required), source; opsgenie: api_key; telegram: chat_id
       * (required), bot_token, message_thread_id; cloudevents: source.
       */
      readonly options?: Readonly<Record<string, string | number>>;
    };

export type DestinationRateLimitInput = {
  readonly requests: number;
  readonly period_seconds: number;
} | null;

/** `••••`, as a secret value is shown, leaves it as it is. */
export type DestinationHeadersInput = Readonly<Record<string, string>>;

/** `key` is required. */
export type DocumentOptions = {
  readonly key?: string;
};

/** `binding` is required. */
export type QueueOptions = {
  readonly binding?: string;
};

/** `from` and `to` are required. */
export type EmailOptions = {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
};

export type DestinationTestRequest = {
  readonly event_id?: string;
};

export type DestinationPreviewRequest = {
  readonly event_id?: string;
  readonly payload?: DestinationPayloadInput;
};

export type SecretRotation = {
  readonly overlap_seconds?: number;
  readonly secret?: string;
};

export type Nothing = Readonly<Record<string, never>>;

export type RouteCreation = {
  readonly name: string;
  readonly destination_ids: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all, but those to be named. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.disabled"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0: no grouping. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
};

export type RouteChange = {
  readonly name?: string;
  readonly destination_ids?: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all, but those to be named. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.disabled"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0: no grouping. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
};

export type RoutePreviewRequest = {
  readonly name?: string;
  readonly destination_ids?: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all, but those to be named. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.disabled"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0: no grouping. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
  readonly event_ids?: readonly string[];
  readonly limit?: number;
};

export type EventReplayRequest = {
  readonly destination_ids?: readonly string[];
};

export type ReplayCreation = {
  readonly filter?: {
    readonly status?: "delivered" | "dead" | "cancelled" | null;
    readonly destination_id?: string | null;
    readonly integration_id?: string | null;
    readonly from?: string | null;
    readonly to?: string | null;
  };
  readonly dry_run?: boolean;
  readonly rate_per_second?: number;
};

export type TokenCreation = {
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at?: string | null;
};

export type TokenChange = {
  readonly name?: string;
  readonly scopes?: readonly ("read" | "write" | "admin")[];
  readonly expires_at?: string | null;
};

export type Accepted = {
  readonly status: "success";
  readonly id: string;
  readonly request_id: string;
  readonly attempt: string;
  /** All events of the request, where there are several. */
  readonly ids?: readonly string[];
};

export type Integration = {
  readonly id: string;
  readonly name: string;
  readonly type: "pagertree" | "retrace" | "backtrace" | "thousandeyes" | "catch" | "rules";
  readonly enabled: boolean;
  /** Where its senders post to. */
  readonly url: string;
  readonly auth: IntegrationAuth;
  readonly allowed_ips: readonly string[] | null;
  readonly options: JsonObject;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | JsonObject;
  } | null;
  readonly rate_limit: {
    readonly requests: number;
    readonly period_seconds: number;
  } | null;
  /** Where its events are kept; it never changes. */
  readonly shard: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type IntegrationAuth =
  | {
      readonly type: "none";
    }
  | {
      readonly type: "token";
      readonly header: string;
      /** Only in the answer that set it. */
      readonly token?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "basic";
      readonly username: string;
      /** Only in the answer that set it. */
      readonly password?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "bearer";
      /** Only in the answer that set it. */
      readonly token?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "signature";
      /** Only in the answer that set it. */
      readonly secret?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
      readonly scheme:
        | "standard-webhooks"
        | "github"
        | "stripe"
        | "slack"
        | "shopify"
        | "gitlab"
        | "pagerduty"
        | "sentry"
        | "linear"
        | "twilio"
        | "discord"
        | "zoom";
    }
  | {
      readonly type: "signature";
      /** Only in the answer that set it. */
      readonly secret?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
      readonly scheme: "grafana";
      readonly header: string;
      readonly timestamp_header: string | null;
    }
  | {
      readonly type: "signature";
      /** Only in the answer that set it. */
      readonly secret?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
      readonly scheme: "meta";
      /** Only in the answer that set it. */
      readonly verify_token?: string;
    }
  | {
      readonly type: "signature";
      /** Only in the answer that set it. */
      readonly secret?: string;
      /** Until when replaced credentials are accepted. */
      readonly previous_expires_at?: string;
      readonly scheme: "hmac";
      readonly header: string;
      readonly algorithm: "sha1" | "sha256" | "sha512";
      readonly encoding: "hex" | "base64";
      readonly prefix: string;
      readonly timestamp_header: string | null;
      readonly id_header: string | null;
      readonly template: string;
    };

export type IntegrationList = {
  readonly data: readonly Integration[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type IntegrationPreview =
  | {
      readonly accepted: true;
      readonly events: readonly {
        readonly kind: string;
        readonly action: "create" | "update" | "remind" | "acknowledge" | "resolve" | "receive" | "ignore" | "announce";
        readonly key: string | null;
        readonly outcome: "created" | "repeated" | "updated" | "acknowledged" | "resolved" | "received" | "ignored";
        readonly type:
          | "alert.created"
          | "alert.repeated"
          | "alert.updated"
          | "alert.acknowledged"
          | "alert.resolved"
          | "event.received"
          | "event.group"
          | "destination.disabled"
          | "test"
          | null;
        readonly alert: {
          readonly title: string;
          readonly description: string;
          readonly urgency: "low" | "medium" | "high" | "critical" | null;
          readonly tags: readonly string[];
          readonly meta: JsonObject;
          readonly incident: {
            readonly severity: "SEV-1" | "SEV-2" | "SEV-3" | "SEV-4" | "SEV-5" | "SEV-UNKNOWN";
            readonly message: string;
          } | null;
          readonly additional_data: readonly {
            readonly format: "text" | "link" | "img" | "email" | "phone" | "datetime";
            readonly label: string;
            readonly value: Json;
          }[];
        } | null;
        readonly note: string | null;
        readonly payload: Json;
        readonly deliveries: readonly {
          readonly route_id: string;
          readonly destination_id: string;
        }[];
        readonly groups: readonly {
          readonly route_id: string;
          readonly group: string;
        }[];
      }[];
    }
  | {
      readonly accepted: false;
      readonly errors: readonly {
        /** Such as `destination_ids[0]`; empty for the whole body. */
        readonly path: string;
        readonly message: string;
      }[];
    };

export type SampleList = {
  readonly data: readonly {
    readonly event_id: string;
    readonly received_at: string;
    readonly method: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly body_encoding: "utf8" | "base64";
    readonly payload: Json;
  }[];
};

export type Destination = {
  readonly id: string;
  readonly name: string;
  readonly type: "webhook" | "document" | "queue" | "email";
  /** Null for types that call no URL. */
  readonly url: string | null;
  readonly method: "POST" | "PUT" | "PATCH";
  /** Values that look like secrets are shown as `••••`; sent back so, they stay. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: DestinationAuth;
  readonly signing: DestinationSigning;
  readonly payload: DestinationPayload;
  readonly options: {
    readonly key?: string;
    readonly binding?: string;
    readonly from?: string;
    readonly to?: string;
    readonly subject?: string;
  };
  readonly timeout_ms: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule: readonly number[] | null;
  readonly rate_limit: {
    readonly requests: number;
    readonly period_seconds: number;
  } | null;
  readonly max_concurrency: number | null;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly health: {
    /** `open`: its breaker is, until `retry_at`. */
    readonly status: "healthy" | "failing" | "open";
    /** Failed attempts in a row. */
    readonly failures: number;
    readonly failing_since: string | null;
    readonly retry_at: string | null;
  };
  readonly created_at: string;
  readonly updated_at: string;
};

export type DestinationAuth =
  | {
      readonly type: "none";
    }
  | {
      readonly type: "basic";
      readonly username: string;
    }
  | {
      readonly type: "bearer";
    }
  | {
      readonly type: "oauth2_client_credentials";
      readonly token_url: string;
      readonly client_id: string;
      readonly client_auth: "basic" | "post";
      readonly scope: string | null;
      /** Whether there is a token that is good, or can be renewed. */
      readonly connected: boolean;
      readonly token_expires_at: string | null;
    }
  | {
      readonly type: "oauth2_authorization_code";
      readonly auth_url: string;
      readonly token_url: string;
      readonly client_id: string;
      readonly client_auth: "basic" | "post";
      readonly scope: string | null;
      /** Whether there is a token that is good, or can be renewed. */
      readonly connected: boolean;
      readonly token_expires_at: string | null;
    };

export type DestinationSigning =
  | {
      readonly scheme: "standard-webhooks" | "standard-webhooks-ed25519" | "none";
    }
  | {
      readonly scheme: "rfc9421";
      readonly algorithm: "ed25519" | "hmac-sha256";
    }
  | {
      readonly scheme: "hmac";
      readonly header: string;
      readonly algorithm: "sha1" | "sha256" | "sha512";
      readonly encoding: "hex" | "base64";
      readonly prefix: string;
      readonly template: string;
    };

export type DestinationPayload =
  | {
      readonly mode: "envelope" | "original";
    }
  | {
      readonly mode: "template";
      readonly content_type: string;
      readonly body: string;
    }
  | {
      readonly mode: "preset";
      readonly preset:
        | "slack"
        | "discord"
        | "teams"
        | "google-chat"
        | "pagerduty"
        | "opsgenie"
        | "telegram"
        | "pagertree"
        | "cloudevents"
        | "zapier";
      /** Without those that are secrets. */
      readonly options: Readonly<Record<string, string>>;
    };

export type RevealedDestination = {
  readonly id: string;
  readonly name: string;
  readonly type: "webhook" | "document" | "queue" | "email";
  /** Null for types that call no URL. */
  readonly url: string | null;
  readonly method: "POST" | "PUT" | "PATCH";
  /** Values that look like secrets are shown as `••••`; sent back so, they stay. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: DestinationAuth;
  readonly signing: DestinationSigning;
  readonly payload: DestinationPayload;
  readonly options: {
    readonly key?: string;
    readonly binding?: string;
    readonly from?: string;
    readonly to?: string;
    readonly subject?: string;
  };
  readonly timeout_ms: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule: readonly number[] | null;
  readonly rate_limit: {
    readonly requests: number;
    readonly period_seconds: number;
  } | null;
  readonly max_concurrency: number | null;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly health: {
    /** `open`: its breaker is, until `retry_at`. */
    readonly status: "healthy" | "failing" | "open";
    /** Failed attempts in a row. */
    readonly failures: number;
    readonly failing_since: string | null;
    readonly retry_at: string | null;
  };
  readonly created_at: string;
  readonly updated_at: string;
  /** Where it is new: in this answer and in no other. */
  readonly signing_secret?: string;
};

export type DestinationList = {
  readonly data: readonly Destination[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type DestinationTestResult = {
  readonly ok: boolean;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly response_body: string | null;
  readonly error: string | null;
  /** What is likely to be wrong. */
  readonly hint: string | null;
};

export type DestinationPreview =
  | {
      readonly ok: true;
      readonly event_id: string;
      readonly content_type: string;
      readonly body?: string;
      /** In place of `body` where that is no UTF-8 text. */
      readonly body_base64?: string;
      readonly truncated?: true;
      /** The length of all of it, where it is truncated. */
      readonly bytes?: number;
      /** Where it would go, if not to the destination's own URL. */
      readonly url?: string;
    }
  | {
      readonly ok: false;
      readonly event_id: string | null;
      readonly error: string;
    };

export type Authorization = {
  /** Where somebody has to consent. */
  readonly authorization_url: string;
  readonly expires_at: string;
};

export type DocumentList = {
  readonly data: readonly {
    readonly key: string;
    readonly size: number;
    readonly content_type: string;
    readonly updated_at: string;
    readonly event_id: string;
    readonly delivery_id: string;
    readonly url: string;
  }[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type Route = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Null for all. */
  readonly integration_ids: readonly string[] | null;
  /** Null for all, but those to be named. */
  readonly event_types:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.disabled"
        | "test"
      )[]
    | null;
  readonly match: JsonObject | null;
  readonly destination_ids: readonly string[];
  readonly group_window_seconds: number;
  readonly group_by: string | null;
  readonly group_attributes: readonly string[] | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type RouteList = {
  readonly data: readonly Route[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type RoutePreview = {
  readonly data: readonly {
    readonly event_id: string;
    readonly type:
      | "alert.created"
      | "alert.repeated"
      | "alert.updated"
      | "alert.acknowledged"
      | "alert.resolved"
      | "event.received"
      | "event.group"
      | "destination.disabled"
      | "test"
      | null;
    readonly matches: boolean;
    /** Why not. */
    readonly reason: "disabled" | "integration" | "event_type" | "match" | null;
  }[];
  readonly matched: number;
};

export type Event = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** What destinations are told; null where they are told nothing. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.disabled"
    | "test"
    | null;
  readonly outcome: "created" | "repeated" | "updated" | "acknowledged" | "resolved" | "received" | "ignored";
  readonly alert_id: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether nobody was told, though there was something to tell. */
  readonly unrouted: boolean;
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type WholeEvent = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** What destinations are told; null where they are told nothing. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.disabled"
    | "test"
    | null;
  readonly outcome: "created" | "repeated" | "updated" | "acknowledged" | "resolved" | "received" | "ignored";
  readonly alert_id: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether nobody was told, though there was something to tell. */
  readonly unrouted: boolean;
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deliveries: readonly Delivery[];
  readonly groups: readonly {
    readonly route_id: string;
    readonly group: string;
    readonly closes_at: string;
    /** The event that the group became. */
    readonly event_id: string | null;
  }[];
};

export type ErasedEvent = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** What destinations are told; null where they are told nothing. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.disabled"
    | "test"
    | null;
  readonly outcome: "created" | "repeated" | "updated" | "acknowledged" | "resolved" | "received" | "ignored";
  readonly alert_id: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether nobody was told, though there was something to tell. */
  readonly unrouted: boolean;
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deliveries: readonly Delivery[];
};

export type EventList = {
  readonly data: readonly Event[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type ReplayedEvent = {
  readonly id: string;
  readonly deliveries: readonly Delivery[];
};

export type Alert = {
  readonly id: string;
  readonly integration_id: string;
  readonly key: string;
  readonly status: "open" | "acknowledged" | "resolved";
  readonly title: string;
  readonly description: string;
  readonly urgency: "low" | "medium" | "high" | "critical" | null;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly incident: {
    readonly severity: "SEV-1" | "SEV-2" | "SEV-3" | "SEV-4" | "SEV-5" | "SEV-UNKNOWN";
    readonly message: string;
  } | null;
  readonly additional_data: readonly {
    readonly format: "text" | "link" | "img" | "email" | "phone" | "datetime";
    readonly label: string;
    readonly value: Json;
  }[];
  readonly dedup_count: number;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type AlertList = {
  readonly data: readonly Alert[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type Delivery = {
  readonly id: string;
  readonly event_id: string;
  readonly destination_id: string;
  readonly route_id: string | null;
  /** The delivery that it repeats, or the event. */
  readonly replay_of: string | null;
  readonly status: "pending" | "delivered" | "dead" | "cancelled";
  readonly attempts: readonly {
    readonly number: number;
    readonly at: string;
    readonly status: number | null;
    readonly duration_ms: number;
    readonly response_body: string | null;
    readonly error: string | null;
  }[];
  readonly next_attempt_at: string | null;
  readonly reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type DeliveryList = {
  readonly data: readonly Delivery[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type Replay = {
  readonly id: string;
  readonly filter: ReplayFilter;
  readonly status: "running" | "done" | "cancelled";
  readonly rate_per_second: number;
  /** Deliveries to make, as it began. */
  readonly count: number;
  readonly replayed: number;
  readonly failed: number;
  /** The last event that it is through with. */
  readonly position: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ReplayFilter = {
  /** Null for all of them. */
  readonly status: "delivered" | "dead" | "cancelled" | null;
  readonly destination_id: string | null;
  readonly integration_id: string | null;
  readonly from: string | null;
  readonly to: string | null;
};

export type ReplayEstimate = {
  readonly filter: ReplayFilter;
  readonly dry_run: true;
  readonly count: number;
};

export type ReplayList = {
  readonly data: readonly Replay[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type DeadLetter = {
  readonly id: string;
  readonly queue: string;
  readonly error: string;
  readonly message: Json;
  readonly received_at: string;
};

export type DeadLetterList = {
  readonly data: readonly DeadLetter[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type Token = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type RevealedToken = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** In this answer and in no other. */
  readonly token: string;
};

export type TokenList = {
  readonly data: readonly Token[];
  /** Null on the last page, and only there: a page may be short, or empty, before it. */
  readonly next_cursor: string | null;
};

export type RuleSetList = {
  readonly data: readonly {
    /** For `options.rule_set` of an integration. */
    readonly name: string;
    readonly title: string;
    readonly vendor_url: string | null;
    readonly docs: string | null;
    readonly options: JsonObject;
  }[];
};

/** In events × destinations owed. */
export type Reconciliation = {
  readonly accepted: number;
  readonly delivered: number;
  readonly dead: number;
  readonly pending: number;
  readonly cancelled: number;
  readonly ignored: number;
  readonly outbox: number;
  readonly balanced: boolean;
};

export type OpenApi = JsonObject;

export type Health = {
  readonly status: "ok";
};

export type KeySet = {
  readonly keys: readonly {
    readonly kty: "OKP";
    readonly crv: "Ed25519";
    readonly x: string;
    readonly kid: string;
    readonly use: "sig";
    readonly alg: "EdDSA";
    /** The key as Standard Webhooks writes it. */
    readonly whpk: string;
  }[];
};

/** RFC 9457. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly {
    /** Such as `destination_ids[0]`; empty for the whole body. */
    readonly path: string;
    readonly message: string;
  }[];
};

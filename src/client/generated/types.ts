// Made from src/api/openapi/document.json by `npm run client`. Do not edit.

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export type Accepted = {
  readonly status: "success";
  readonly id: string;
  readonly request_id: string;
  readonly attempt: string;
  /** All events of the request, if there are several. */
  readonly ids?: readonly string[];
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

export type AlertDetails = {
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
  /** What destinations responded about the alert and later requests use. */
  readonly captured: readonly {
    readonly destination_id: string;
    readonly values: Readonly<Record<string, string>>;
  }[];
};

export type AlertList = {
  readonly data: readonly Alert[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type AuditEntry = {
  readonly id: string;
  readonly at: string;
  /** `admin`, the id of an API token, `config` for a change by `PUT /config`, or `gateway` for its own. */
  readonly actor: string;
  /** The name that the API token has now; null if it was deleted, and for other actors. */
  readonly actor_name: string | null;
  /** Such as `destination.updated`. */
  readonly action: string;
  readonly kind:
    | "integration"
    | "destination"
    | "route"
    | "transformation"
    | "token"
    | "session"
    | "key"
    | "config"
    | "event"
    | "alert"
    | "delivery"
    | "replay"
    | "dead_letter";
  readonly target: {
    readonly id: string;
    /** Its name at that time; of an event, a delivery or an alert what it is about now. Null if there is none. */
    readonly name: string | null;
  };
  /** The fields that changed, as they were; null if it did not exist. Secrets are marks. */
  readonly before: JsonObject | null;
  /** The fields that changed, as they are; null if it no longer exists. Secrets are marks. */
  readonly after: JsonObject | null;
};

export type AuditList = {
  readonly data: readonly AuditEntry[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type Authorization = {
  /** The address at which a user must consent. */
  readonly authorization_url: string;
  readonly expires_at: string;
};

export type BacktraceOptions = {
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

/** On creation, every option without a default is required. */
export type CliOptions = {
  readonly forward_to?: string | null;
  readonly remove_after_seconds?: number | null;
};

export type ConfigDocument = {
  readonly version: 1;
  readonly integrations: Readonly<Record<string, JsonObject>>;
  readonly destinations: Readonly<Record<string, JsonObject>>;
  readonly routes: Readonly<Record<string, JsonObject>>;
  readonly transformations: Readonly<Record<string, JsonObject>>;
};

export type ConfigPlan = {
  readonly changes: readonly {
    readonly action: "create" | "update" | "delete";
    readonly kind: "integration" | "destination" | "route" | "transformation";
    /** The key in the document. */
    readonly name: string;
    /** The fields that are set or changed. */
    readonly fields: readonly string[];
  }[];
  readonly dry_run: boolean;
  /** The revision of the configuration that the plan is for, or that the changes have made. */
  readonly revision: number;
  /** The secrets that were generated, by name. Only in this answer. */
  readonly secrets?: Readonly<Record<string, string>>;
};

export type ConfigRequest = {
  readonly $schema?: string;
  readonly version: 1;
  /** Integrations by key, as `/config.schema.json` describes them. */
  readonly integrations?: Readonly<Record<string, JsonObject>>;
  /** Destinations by key. */
  readonly destinations?: Readonly<Record<string, JsonObject>>;
  /** Routes by key. `integrations` and `destinations` name things by their keys. */
  readonly routes?: Readonly<Record<string, JsonObject>>;
  /** Transformations by key. `transformation` of an integration or a destination names one. */
  readonly transformations?: Readonly<Record<string, JsonObject>>;
  /** The values of secrets, by the names in the document. */
  readonly secrets?: Readonly<Record<string, string>>;
};

export type DeadLetter = {
  readonly id: string;
  /** The queue that the message came from. */
  readonly queue: string;
  /** Why the gateway could not process the message. */
  readonly error: string;
  readonly message: Json;
  readonly received_at: string;
};

export type DeadLetterList = {
  readonly data: readonly DeadLetter[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type Delivery = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  /** The event's; null if neither its alert nor a short payload has one. */
  readonly title: string | null;
  /** The event's `title`, or else the beginning of its payload; null if the payload is long. */
  readonly summary: string | null;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  readonly destination_id: string;
  readonly route_id: string | null;
  /** The delivery that it repeats, or the event. */
  readonly replay_of: string | null;
  /** The delivery that repeats it. */
  readonly replayed_by: string | null;
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
  /** Values of the response that are kept for the alert; absent if there are none. */
  readonly captured?: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
  readonly event?: EventOfDelivery | null;
  readonly destination?: Destination | null;
  readonly alert?: Alert | null;
};

export type DeliveryList = {
  readonly data: readonly Delivery[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type DeliveryOfEvent = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  /** The event's; null if neither its alert nor a short payload has one. */
  readonly title: string | null;
  /** The event's `title`, or else the beginning of its payload; null if the payload is long. */
  readonly summary: string | null;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  readonly destination_id: string;
  readonly route_id: string | null;
  /** The delivery that it repeats, or the event. */
  readonly replay_of: string | null;
  /** The delivery that repeats it. */
  readonly replayed_by: string | null;
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
  /** Values of the response that are kept for the alert; absent if there are none. */
  readonly captured?: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
};

export type Destination = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  /** One of cli, document, email, queue, s3, webhook. */
  readonly type: string;
  /** Null for types that call no URL. */
  readonly url: string | null;
  readonly method: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  /** Values that look like secrets are shown as `••••`; sent back like that, they keep their values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly forward_headers: readonly string[];
  readonly auth: DestinationAuth;
  readonly signing: DestinationSigning;
  readonly payload: DestinationPayload;
  readonly transformation_id: string | null;
  /** By type of event: what its request has in place of the destination's own. */
  readonly requests: Readonly<Record<string, DestinationEventRequest>>;
  readonly options: JsonObject;
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
  /** Since when its deliveries wait; null if it is not paused. */
  readonly paused_at: string | null;
  readonly health: {
    /** `paused_by_breaker`: the circuit breaker is open until `retry_at`. `probing`: one attempt tests the destination. */
    readonly status: "healthy" | "failing" | "paused_by_breaker" | "probing";
    /** Consecutive failed attempts. */
    readonly failures: number;
    readonly failing_since: string | null;
    readonly retry_at: string | null;
  };
  /** Until when a replaced signing secret signs, too; null if none does. */
  readonly signing_overlap_ends_at: string | null;
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
      readonly type: "aws_sigv4";
      readonly access_key_id: string;
      readonly region: string;
      /** Null for the service of the destination's type. */
      readonly service: string | null;
      readonly has_session_token: boolean;
    }
  | {
      readonly type: "oauth2_client_credentials";
      readonly token_url: string;
      readonly client_id: string;
      readonly client_auth: "basic" | "post";
      readonly scope: string | null;
      /** Whether the gateway has a valid token, or can renew it. */
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
      /** Whether the gateway has a valid token, or can renew it. */
      readonly connected: boolean;
      readonly token_expires_at: string | null;
    };

/** Secrets that a change omits keep their values. */
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
      readonly type: "aws_sigv4";
      readonly access_key_id: string;
      readonly region?: string;
      readonly service?: string | null;
      readonly secret_access_key?: string;
      readonly session_token?: string | null;
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

export type DestinationChange = {
  readonly name?: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** For webhooks only. */
  readonly url?: string;
  /** It cannot be changed. */
  readonly type?: "cli" | "document" | "email" | "queue" | "s3" | "webhook";
  readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  readonly headers?: DestinationHeadersInput;
  /** Names of the sender's headers to send along. */
  readonly forward_headers?: readonly string[];
  readonly auth?: DestinationAuthInput;
  readonly signing?: DestinationSigningInput;
  readonly payload?: DestinationPayloadInput;
  /** The id or `external_id` of a transformation; null for none. */
  readonly transformation_id?: string | null;
  readonly requests?: DestinationRequestsInput;
  /** By the destination's `type`. A change names only the options that it changes. */
  readonly options?:
    | Readonly<Record<string, never>>
    | CliOptions
    | DocumentOptions
    | EmailOptions
    | QueueOptions
    | S3Options;
  readonly timeout_ms?: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule?: readonly number[] | null;
  readonly rate_limit?: DestinationRateLimitInput;
  readonly max_concurrency?: number | null;
  readonly enabled?: boolean;
};

export type DestinationCreation = {
  readonly name: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** For webhooks only. */
  readonly url?: string;
  /** It cannot be changed. */
  readonly type?: "cli" | "document" | "email" | "queue" | "s3" | "webhook";
  readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  readonly headers?: DestinationHeadersInput;
  /** Names of the sender's headers to send along. */
  readonly forward_headers?: readonly string[];
  readonly auth?: DestinationAuthInput;
  readonly signing?: DestinationSigningInput;
  readonly payload?: DestinationPayloadInput;
  /** The id or `external_id` of a transformation; null for none. */
  readonly transformation_id?: string | null;
  readonly requests?: DestinationRequestsInput;
  /** By the destination's `type`. A change names only the options that it changes. */
  readonly options?:
    | Readonly<Record<string, never>>
    | CliOptions
    | DocumentOptions
    | EmailOptions
    | QueueOptions
    | S3Options;
  readonly timeout_ms?: number;
  /** Seconds before attempts 2, 3, …; null for the gateway's own. */
  readonly retry_schedule?: readonly number[] | null;
  readonly rate_limit?: DestinationRateLimitInput;
  readonly max_concurrency?: number | null;
  readonly enabled?: boolean;
} & (
  | {
      /** For webhooks only. */
      readonly url: string;
    }
  | {
      readonly type: "cli" | "document" | "email" | "queue";
    }
);

export type DestinationEventRequest = {
  readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content_type?: string;
  readonly body?: string;
  readonly capture?: Readonly<Record<string, string>>;
};

export type DestinationEventRequestInput = {
  readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  /** A template whose values are percent-encoded. Its host has no tags. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of `body`; by default `application/json`. */
  readonly content_type?: string;
  /** A template in place of `payload`. */
  readonly body?: string;
  /**
   * Values to keep for the alert: by name, the dotted path of a text or number in the JSON of a 2xx response. Later
   * requests use them as `{{ captured.NAME }}`.
   */
  readonly capture?: Readonly<Record<string, string>>;
};

/** The value `••••`, which stands for a secret, keeps the stored value. */
export type DestinationHeadersInput = Readonly<Record<string, string>>;

export type DestinationList = {
  readonly data: readonly Destination[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
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
      /**
       * One of airtable, asana, better-stack, cloudevents, datadog-events, discord, elastic, firehydrant, freshservice,
       * github-issues, gitlab-issues, google-chat, google-drive, google-sheets, grafana-oncall, ilert, incident-io,
       * jira, linear, loki, mailgun, make, matrix, mattermost, microsoft-graph-mail, n8n, new-relic-events, notion,
       * ntfy, opsgenie, pagerduty, pagertree, postmark, pushover, resend, rocket-chat, rootly, sendgrid, servicenow,
       * slack, splunk-hec, splunk-on-call, squadcast, teams, telegram, trello, twilio-sms, vonage, webex, xmatters,
       * zapier, zendesk, zenduty, zoom-chat, zulip.
       */
      readonly preset: string;
      /** Without the options that are secrets. */
      readonly options: Readonly<Record<string, string>>;
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
        | "airtable"
        | "asana"
        | "better-stack"
        | "cloudevents"
        | "datadog-events"
        | "discord"
        | "elastic"
        | "firehydrant"
        | "freshservice"
        | "github-issues"
        | "gitlab-issues"
        | "google-chat"
        | "google-drive"
        | "google-sheets"
        | "grafana-oncall"
        | "ilert"
        | "incident-io"
        | "jira"
        | "linear"
        | "loki"
        | "mailgun"
        | "make"
        | "matrix"
        | "mattermost"
        | "microsoft-graph-mail"
        | "n8n"
        | "new-relic-events"
        | "notion"
        | "ntfy"
        | "opsgenie"
        | "pagerduty"
        | "pagertree"
        | "postmark"
        | "pushover"
        | "resend"
        | "rocket-chat"
        | "rootly"
        | "sendgrid"
        | "servicenow"
        | "slack"
        | "splunk-hec"
        | "splunk-on-call"
        | "squadcast"
        | "teams"
        | "telegram"
        | "trello"
        | "twilio-sms"
        | "vonage"
        | "webex"
        | "xmatters"
        | "zapier"
        | "zendesk"
        | "zenduty"
        | "zoom-chat"
        | "zulip";
      /**
       * By preset; the others have none. airtable: base_id (required), table (required); asana: project (required);
       * better-stack: requester_email (required); cloudevents: source; datadog-events: api_key (required); elastic:
       * index (required), api_key; freshservice: email (required); github-issues: owner (required), repository
       * (required); gitlab-issues: project (required); google-drive: folder_id; google-sheets: spreadsheet_id
       * (required), sheet (required); ilert: integration_key (required); incident-io: alert_source_id (required); jira:
       * project (required), issue_type (required), close_transition_id; linear: api_key (required), team_id (required),
       * done_state_id; mailgun: domain (required), from (required), to (required); make: api_key; matrix: room_id
       * (required); microsoft-graph-mail: from (required), to (required); new-relic-events: account_id (required),
       * license_key (required); notion: database_id (required); ntfy: topic (required); opsgenie: api_key; pagerduty:
       * routing_key (required), source; postmark: server_token (required), from (required), to (required); pushover:
       * token (required), user (required); resend: from (required), to (required); sendgrid: from (required), to
       * (required); servicenow: close_code; splunk-hec: token (required), index; telegram: chat_id (required),
       * bot_token, message_thread_id; trello: key (required), token (required), list_id (required); twilio-sms:
       * account_sid (required), from (required), to (required); vonage: from (required), to (required); webex: room_id
       * (required); xmatters: recipients; zoom-chat: verification_token (required); zulip: channel (required), topic.
       */
      readonly options?: Readonly<Record<string, string | number>>;
    };

export type DestinationPreview =
  | {
      readonly ok: true;
      readonly event_id: string;
      readonly content_type: string;
      readonly body?: string;
      /** Instead of `body` if the body is not UTF-8 text. */
      readonly body_base64?: string;
      readonly truncated?: true;
      /** The full length, if the body is truncated. */
      readonly bytes?: number;
      /** The URL of the request, if it is not the destination's own. */
      readonly url?: string;
      /** The method, if it is not the destination's own. */
      readonly method?: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
      /** Captured values that the alert does not have yet. Their names stand in their place. */
      readonly placeholders?: readonly string[];
    }
  | {
      readonly ok: false;
      readonly event_id: string | null;
      readonly error: string;
      /** The text that the template gave, if it is not valid. */
      readonly rendered?: string;
      readonly truncated?: true;
      /** The full length, if the text is truncated. */
      readonly bytes?: number;
    };

export type DestinationPreviewRequest = {
  readonly event_id?: string;
  readonly payload?: DestinationPayloadInput;
  readonly requests?: DestinationRequestsInput;
  /** Shows the event as if it were of this type, with the request of the type. */
  readonly event_type?:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test";
};

export type DestinationRateLimitInput = {
  readonly requests: number;
  readonly period_seconds: number;
} | null;

/**
 * By type of event. For webhooks only. The deliveries of an alert to a destination with such requests are made in
 * order.
 */
export type DestinationRequestsInput = Readonly<Record<string, DestinationEventRequestInput>>;

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
      readonly algorithm: "sha1" | "sha256" | "sha384" | "sha512";
      readonly encoding: "hex" | "base64";
      readonly prefix: string;
      readonly template: string;
    };

/** By default `standard-webhooks` with a generated secret. */
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
      readonly algorithm?: "sha1" | "sha256" | "sha384" | "sha512";
      readonly encoding?: "hex" | "base64";
      readonly prefix?: string;
      readonly template?: string;
      readonly secret?: string;
    }
  | {
      readonly scheme: "none";
    };

export type DestinationTestRequest = {
  readonly event_id?: string;
};

export type DestinationTestResult = {
  readonly ok: boolean;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly response_body: string | null;
  readonly error: string | null;
  /** The likely cause of a failure. */
  readonly hint: string | null;
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
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

/** On creation, every option without a default is required. */
export type DocumentOptions = {
  readonly key?: string;
};

/** On creation, every option without a default is required. */
export type EmailOptions = {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
};

export type ErasedEvent = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** The type that destinations receive; null if nothing is delivered. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  readonly outcome:
    | "created"
    | "repeated"
    | "updated"
    | "acknowledged"
    | "resolved"
    | "received"
    | "ignored"
    | "transformation_failed";
  readonly alert_id: string | null;
  /** What it is about; null if neither its alert nor a short payload has a title. */
  readonly title: string | null;
  /** The title, or else the beginning of the payload; null if the payload is long. */
  readonly summary: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether no route took the event. Types that a route must name do not count. */
  readonly unrouted: boolean;
  /** The number of its deliveries by status. */
  readonly delivery_counts: {
    readonly pending: number;
    readonly delivered: number;
    readonly dead: number;
    readonly cancelled: number;
    /** The dead ones that were not replayed. */
    readonly outstanding: number;
  };
  /**
   * What the gateway noticed, and why nothing is delivered, or not yet. `GET /events/{id}/explain` says which
   * condition of each route fails.
   */
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deliveries: readonly DeliveryOfEvent[];
};

export type Event = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** The type that destinations receive; null if nothing is delivered. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  readonly outcome:
    | "created"
    | "repeated"
    | "updated"
    | "acknowledged"
    | "resolved"
    | "received"
    | "ignored"
    | "transformation_failed";
  readonly alert_id: string | null;
  /** What it is about; null if neither its alert nor a short payload has a title. */
  readonly title: string | null;
  /** The title, or else the beginning of the payload; null if the payload is long. */
  readonly summary: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether no route took the event. Types that a route must name do not count. */
  readonly unrouted: boolean;
  /** The number of its deliveries by status. */
  readonly delivery_counts: {
    readonly pending: number;
    readonly delivered: number;
    readonly dead: number;
    readonly cancelled: number;
    /** The dead ones that were not replayed. */
    readonly outstanding: number;
  };
  /**
   * What the gateway noticed, and why nothing is delivered, or not yet. `GET /events/{id}/explain` says which
   * condition of each route fails.
   */
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly alert?: Alert | null;
};

export type EventExplanation = {
  readonly event_id: string;
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  readonly note: string | null;
  /** The event of a group goes to the destinations that its route had as the group opened. */
  readonly decided_by: "routes" | "group";
  readonly routes: readonly ExplainedRoute[];
  readonly next_cursor: string | null;
};

export type EventList = {
  readonly data: readonly Event[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type EventOfDelivery = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** The type that destinations receive; null if nothing is delivered. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  readonly outcome:
    | "created"
    | "repeated"
    | "updated"
    | "acknowledged"
    | "resolved"
    | "received"
    | "ignored"
    | "transformation_failed";
  readonly alert_id: string | null;
  /** What it is about; null if neither its alert nor a short payload has a title. */
  readonly title: string | null;
  /** The title, or else the beginning of the payload; null if the payload is long. */
  readonly summary: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether no route took the event. Types that a route must name do not count. */
  readonly unrouted: boolean;
  /** The number of its deliveries by status. */
  readonly delivery_counts: {
    readonly pending: number;
    readonly delivered: number;
    readonly dead: number;
    readonly cancelled: number;
    /** The dead ones that were not replayed. */
    readonly outstanding: number;
  };
  /**
   * What the gateway noticed, and why nothing is delivered, or not yet. `GET /events/{id}/explain` says which
   * condition of each route fails.
   */
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type EventReplayRequest = {
  readonly destination_ids?: readonly string[];
};

export type ExplainedRoute = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Null if it was not evaluated. */
  readonly takes: boolean | null;
  /** Why it does not take the event. */
  readonly reason:
    | "disabled"
    | "integration"
    | "event_type"
    | "match"
    | "over_budget"
    | "not_deliverable"
    | "content_gone"
    | "not_evaluated"
    | null;
  /** Null if the conditions were not evaluated. */
  readonly failed: readonly FailedCondition[] | null;
  /** Whether it takes events into groups. */
  readonly groups: boolean;
  readonly destinations: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly enabled: boolean;
    /** Whether its deliveries wait until it is resumed. */
    readonly paused: boolean;
    /** The status of the event's last delivery to it; null if there is none. */
    readonly delivery: "pending" | "delivered" | "dead" | "cancelled" | null;
  }[];
};

export type FailedCondition = {
  /** Where the condition is in the route, such as `$or[1].data.alert.urgency.$in`. */
  readonly at: string;
  /** What it looks at; empty for `$nor`. */
  readonly path: string;
  readonly operator: string;
  readonly expected: Json;
  /** Any JSON. */
  readonly actual: Json;
  /** Whether there is a value at the path. */
  readonly found: boolean;
};

export type Health = {
  readonly status: "ok";
};

export type Integration = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  /** One of backtrace, catch, pagertree, retrace, rules, thousandeyes. */
  readonly type: string;
  readonly enabled: boolean;
  /** The address that receives webhooks. */
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
  readonly handshake: IntegrationHandshake;
  readonly transformation_id: string | null;
  /** The shard that stores its events; it never changes. */
  readonly shard: number;
  /** When its newest event was received; null if none is known. */
  readonly last_event_at: string | null;
  /** The latest request that was refused; null if none is on record. */
  readonly last_rejection: {
    readonly at: string;
    readonly status: number;
    readonly code: string;
  } | null;
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
      /** When the last replaced credential ends. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "basic";
      readonly username: string;
      /** Only in the answer that set it. */
      readonly password?: string;
      /** When the last replaced credential ends. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "bearer";
      /** Only in the answer that set it. */
      readonly token?: string;
      /** When the last replaced credential ends. */
      readonly previous_expires_at?: string;
    }
  | {
      readonly type: "signature";
      /** Only in the answer that set it. */
      readonly secret?: string;
      /** When the last replaced credential ends. */
      readonly previous_expires_at?: string;
      /**
       * One of asana, discord, github, gitlab, grafana, hmac, linear, mailgun, meta, oidc, pagerduty, sendgrid, sentry,
       * shopify, slack, sns, standard-webhooks, stripe, twilio, zoom.
       */
      readonly scheme: string;
      readonly header?: string;
      readonly algorithm?: "sha1" | "sha256" | "sha384" | "sha512";
      readonly encoding?: "hex" | "base64";
      readonly prefix?: string;
      readonly template?: string;
      readonly timestamp_header?: string | null;
      readonly id_header?: string | null;
      readonly signature_field?: string | null;
      readonly timestamp_field?: string | null;
      readonly issuer?: string;
      readonly audience?: string | null;
      readonly email?: string;
      readonly topic_arn?: string | null;
      readonly secret_encoding?: "text" | "base64" | "hex";
      readonly idempotent?: boolean;
      /** Only in the answer that set it. */
      readonly verify_token?: string;
    };

/** A credential that is omitted is generated, or keeps its value. */
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
      readonly scheme:
        | "discord"
        | "github"
        | "gitlab"
        | "linear"
        | "mailgun"
        | "pagerduty"
        | "sendgrid"
        | "sentry"
        | "shopify"
        | "slack"
        | "standard-webhooks"
        | "twilio"
        | "zoom";
      readonly secret?: string;
    }
  | {
      readonly type: "signature";
      readonly scheme: "asana";
      /** Omit it to learn it from the next handshake. Null forgets the one that was learned. */
      readonly secret?: string | null;
      readonly verify_token?: string;
    }
  | {
      readonly type: "signature";
      readonly scheme: "grafana";
      readonly secret?: string;
      readonly header?: string;
      readonly timestamp_header?: string | null;
    }
  | {
      readonly type: "signature";
      readonly scheme: "hmac";
      readonly secret?: string;
      readonly header?: string;
      readonly algorithm?: "sha1" | "sha256" | "sha384" | "sha512";
      readonly encoding?: "hex" | "base64";
      readonly prefix?: string;
      readonly timestamp_header?: string | null;
      readonly id_header?: string | null;
      readonly signature_field?: string | null;
      readonly timestamp_field?: string | null;
      readonly template?: string;
      /** How the secret spells the key: as a text, or as bytes in base64 or hexadecimal. */
      readonly secret_encoding?: "text" | "base64" | "hex";
      /** Whether requests with the same signed body are one event. A signed id or time decides by itself. */
      readonly idempotent?: boolean;
    }
  | {
      readonly type: "signature";
      readonly scheme: "meta";
      readonly secret?: string;
      readonly verify_token?: string;
    }
  | {
      readonly type: "signature";
      readonly scheme: "oidc";
      /** The issuer of the tokens. The default is Google. */
      readonly issuer?: string;
      /** The audience of the tokens; null for the URL of the integration. */
      readonly audience?: string | null;
      /** The verified email of the account that the tokens name, or their `sub`. */
      readonly email?: string;
    }
  | {
      readonly type: "signature";
      readonly scheme: "sns";
      /** The only topic of SNS; null for any topic. */
      readonly topic_arn?: string | null;
    }
  | {
      readonly type: "signature";
      readonly scheme: "stripe";
      readonly secret?: string;
      readonly header?: string;
    };

export type IntegrationChange = {
  readonly name?: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** It cannot be changed, except from `catch` to `rules` and back. */
  readonly type?: "backtrace" | "catch" | "pagertree" | "retrace" | "rules" | "thousandeyes";
  readonly enabled?: boolean;
  readonly auth?: IntegrationAuthInput;
  /** Addresses or blocks such as 192.0.2.0/24; null for anywhere. */
  readonly allowed_ips?: readonly string[] | null;
  /** By the integration's `type`. */
  readonly options?:
    | BacktraceOptions
    | CatchOptions
    | PagertreeOptions
    | RetraceOptions
    | RulesOptions
    | ThousandeyesOptions;
  readonly response?: IntegrationResponseInput;
  readonly rate_limit?: IntegrationRateLimitInput;
  readonly handshake?: IntegrationHandshakeInput;
  /** The id or `external_id` of a transformation; null for none. */
  readonly transformation_id?: string | null;
  readonly shard?: number;
};

export type IntegrationCreation = {
  readonly name: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** It cannot be changed, except from `catch` to `rules` and back. */
  readonly type: "backtrace" | "catch" | "pagertree" | "retrace" | "rules" | "thousandeyes";
  readonly enabled?: boolean;
  readonly auth?: IntegrationAuthInput;
  /** Addresses or blocks such as 192.0.2.0/24; null for anywhere. */
  readonly allowed_ips?: readonly string[] | null;
  /** By the integration's `type`. */
  readonly options?:
    | BacktraceOptions
    | CatchOptions
    | PagertreeOptions
    | RetraceOptions
    | RulesOptions
    | ThousandeyesOptions;
  readonly response?: IntegrationResponseInput;
  readonly rate_limit?: IntegrationRateLimitInput;
  readonly handshake?: IntegrationHandshakeInput;
  /** The id or `external_id` of a transformation; null for none. */
  readonly transformation_id?: string | null;
  readonly shard?: number;
};

export type IntegrationHandshake = {
  readonly echo: {
    readonly from: "query" | "header" | "body";
    readonly name: string;
  };
  readonly as: "text" | "json" | "header";
  readonly name: string | null;
} | null;

export type IntegrationHandshakeInput = {
  readonly echo: {
    readonly from: "query" | "header" | "body";
    readonly name: string;
  };
  readonly as: "text" | "json" | "header";
  readonly name?: string | null;
} | null;

export type IntegrationList = {
  readonly data: readonly Integration[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type IntegrationPreview =
  | {
      readonly accepted: true;
      readonly authentication: {
        /** The `type` of the integration's `auth`. */
        readonly type: string;
        /** Whether the credentials or the signature would be accepted now. */
        readonly passes: boolean;
        readonly fault: "missing" | "malformed" | "stale" | "mismatch" | "unavailable" | null;
        readonly detail: string | null;
        /** The bytes that must have been signed: the message whose signature is right, or else each that would be accepted. */
        readonly signed: readonly {
          readonly encoding: "utf8" | "base64";
          /** At most 2000 characters. */
          readonly text: string;
          readonly bytes: number;
          /** Of all bytes, in hex. */
          readonly sha256: string;
        }[];
      };
      readonly events: readonly {
        readonly kind: string;
        readonly action: "create" | "update" | "remind" | "acknowledge" | "resolve" | "receive" | "ignore" | "announce";
        readonly key: string | null;
        readonly outcome:
          | "created"
          | "repeated"
          | "updated"
          | "acknowledged"
          | "resolved"
          | "received"
          | "ignored"
          | "transformation_failed";
        readonly type:
          | "alert.created"
          | "alert.repeated"
          | "alert.updated"
          | "alert.acknowledged"
          | "alert.resolved"
          | "event.received"
          | "event.group"
          | "destination.failing"
          | "destination.recovered"
          | "destination.disabled"
          | "delivery.dead"
          | "integration.silent"
          | "integration.heard"
          | "integration.rejecting"
          | "transformation.failing"
          | "dead_letter.recorded"
          | "reconciliation.failed"
          | "log.damaged"
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
      readonly authentication: {
        /** The `type` of the integration's `auth`. */
        readonly type: string;
        /** Whether the credentials or the signature would be accepted now. */
        readonly passes: boolean;
        readonly fault: "missing" | "malformed" | "stale" | "mismatch" | "unavailable" | null;
        readonly detail: string | null;
        /** The bytes that must have been signed: the message whose signature is right, or else each that would be accepted. */
        readonly signed: readonly {
          readonly encoding: "utf8" | "base64";
          /** At most 2000 characters. */
          readonly text: string;
          readonly bytes: number;
          /** Of all bytes, in hex. */
          readonly sha256: string;
        }[];
      };
      readonly errors: readonly {
        /** Such as `destination_ids[0]`; empty for the whole body. */
        readonly path: string;
        readonly message: string;
      }[];
    };

export type IntegrationRateLimitInput = {
  readonly requests: number;
  readonly period_seconds: number;
} | null;

export type IntegrationResponseInput = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | JsonObject;
} | null;

export type JsonSchema = JsonObject;

export type KeySet = {
  readonly keys: readonly {
    readonly kty: "OKP";
    readonly crv: "Ed25519";
    readonly x: string;
    readonly kid: string;
    readonly use: "sig";
    readonly alg: "EdDSA";
    /** The key in the notation of Standard Webhooks. */
    readonly whpk: string;
  }[];
};

export type Keys = {
  /** The id of a master key. It reveals nothing of the key. */
  readonly current: string;
  /** The id of a master key. It reveals nothing of the key. */
  readonly previous: string | null;
  /** The number of keys that lack a wrap under the current master key. */
  readonly remaining: number;
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly rotating: boolean;
  };
  readonly data: readonly {
    /** For `sign`, the `kid` in `/.well-known/jwks.json`. */
    readonly id: string;
    readonly purpose: "seal" | "hash" | "sign" | "address";
    readonly created_at: string;
    /** Until when a replaced signing key signs, too. */
    readonly expires_at: string | null;
    readonly wrapped_under: readonly string[];
  }[];
};

export type McpMessage = JsonObject;

/** The start of the step, and the value. A latency is in ms, and null if there was no attempt. */
export type MetricPoint = readonly (string | number | null)[];

export type Metrics = {
  readonly measure: "accepted" | "delivered" | "failed" | "attempts" | "latency_p50" | "latency_p95";
  readonly group_by: "integration" | "destination" | "none";
  readonly step: "minute" | "hour" | "day";
  readonly from: string;
  readonly to: string;
  readonly series: readonly {
    /**
     * The integration or destination; its name is null if it was deleted. The id is null for all others. Null without
     * grouping.
     */
    readonly group: {
      readonly id: string | null;
      readonly name: string | null;
    } | null;
    readonly points: readonly MetricPoint[];
  }[];
};

export type Nothing = Readonly<Record<string, never>>;

export type OpenApi = JsonObject;

export type PagertreeOptions = {
  readonly title_template?: string | null;
  readonly description_template?: string | null;
  readonly expect_every_minutes?: number | null;
  readonly capture_additional_data?: boolean;
  readonly default_urgency?: "low" | "medium" | "high" | "critical" | null;
  readonly wrapper_key?: string | null;
};

export type PresetList = {
  readonly data: readonly {
    /** For `payload.preset` of a destination. */
    readonly name: string;
    readonly title: string;
    readonly category: "chat" | "incidents" | "tickets" | "documents" | "messages" | "observability" | "automation";
    /** What a delivery does in the product. */
    readonly summary: string;
    /** A path in the repository. */
    readonly docs: string;
    /** What to do in the product first, as Markdown. */
    readonly steps?: readonly string[];
    /** An example of the destination's URL. */
    readonly url?: string;
    /** What the destination's `auth` must be, if the product asks for it. */
    readonly auth?: {
      readonly types: readonly string[];
      readonly hint: string;
    };
    /** For `payload.options` of a destination. */
    readonly options: readonly {
      readonly name: string;
      readonly required: boolean;
      readonly secret: boolean;
      readonly hint?: string;
    }[];
  }[];
};

/** RFC 9457. */
export type Problem = {
  readonly type: string;
  /** What went wrong. Each code has one status. */
  readonly code:
    | "authorization_failed"
    | "incomplete_body"
    | "invalid_body"
    | "invalid_header"
    | "invalid_host"
    | "invalid_query"
    | "invalid_request"
    | "own_delivery"
    | "bad_credentials"
    | "bad_signature"
    | "unauthenticated"
    | "address_not_allowed"
    | "bad_token"
    | "missing_scope"
    | "origin_not_allowed"
    | "not_found"
    | "unknown_integration"
    | "unknown_path"
    | "method_not_allowed"
    | "config_conflict"
    | "config_too_large"
    | "conflict"
    | "content_gone"
    | "destination_disabled"
    | "destination_in_use"
    | "external_id_taken"
    | "idempotency_in_progress"
    | "idempotency_lost"
    | "key_already_known"
    | "no_credential"
    | "no_destination"
    | "not_a_listener"
    | "not_deliverable"
    | "segment_damaged"
    | "too_many_credentials"
    | "too_many_deliveries"
    | "transformation_in_use"
    | "unknown_queue"
    | "url_not_allowed"
    | "wrong_auth_type"
    | "disabled_integration"
    | "body_too_large"
    | "query_too_long"
    | "encoded_body"
    | "idempotency_mismatch"
    | "upgrade_required"
    | "rate_limited"
    | "too_many_guesses"
    | "too_many_runs"
    | "internal_error"
    | "access_unavailable"
    | "configuration_unavailable"
    | "confirmation_failed"
    | "keys_unavailable"
    | "not_durable"
    | "not_ready"
    | "not_set_up"
    | "queue_unavailable"
    | "shard_not_bound"
    | "transformations_unavailable";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly {
    /** Such as `destination_ids[0]`; empty for the whole body. */
    readonly path: string;
    readonly message: string;
  }[];
};

export type PublishedLog = {
  /** The id of the gateway. */
  readonly gateway: string;
  readonly at: string;
  readonly shards: readonly {
    readonly shard: number;
    /** The number of segments that the chain has ever had. */
    readonly sequence: number;
    /** The end of the chain; empty if there was no segment. */
    readonly head: string;
    readonly oldest: {
      readonly id: string;
      readonly sequence: number;
      readonly previous: string;
      /** SHA-256, in hex. */
      readonly root: string;
    } | null;
    /** Links of segments that retention deleted before older ones of the chain. */
    readonly dropped: readonly {
      readonly id: string;
      readonly sequence: number;
      /** SHA-256, in hex. */
      readonly root: string;
    }[];
  }[];
  /** The other fields, signed: a compact JWS by a key of /.well-known/jwks.json. */
  readonly jws: string;
};

/** On creation, every option without a default is required. */
export type QueueOptions = {
  readonly binding?: string;
};

export type Ready = {
  readonly status: "ready";
};

/** Counts events × destinations owed. */
export type Reconciliation = {
  readonly accepted: number;
  readonly delivered: number;
  readonly dead: number;
  readonly pending: number;
  readonly cancelled: number;
  readonly ignored: number;
  readonly outbox: number;
  readonly balanced: boolean;
  /** The messages that were accepted more than an hour ago and never arrived. */
  readonly missing: number;
  /** When they were accepted: the latest hundred gaps in the numbers of messages. */
  readonly gaps: readonly {
    readonly isolate: string;
    readonly from: string;
    readonly to: string;
    readonly count: number;
  }[];
};

/** The requests of one minute that were refused with the same status and code. */
export type Rejection = {
  /** When the latest of them was refused. */
  readonly at: string;
  readonly status: number;
  readonly code: string;
  readonly count: number;
  /** The latest of them. Texts are cut. */
  readonly example: {
    readonly method: string;
    readonly content_type: string | null;
    readonly user_agent: string | null;
    /** The length that the sender stated; null if it stated none. */
    readonly size: number | null;
  };
};

export type RejectionList = {
  readonly data: readonly Rejection[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type Replay = {
  readonly id: string;
  readonly filter: ReplayFilter;
  readonly status: "running" | "done" | "cancelled";
  readonly rate_per_second: number;
  /** The number of deliveries to make, counted at the start. */
  readonly count: number;
  /** False if more may match: a count reads at most 100,000 events. The replay itself reads all. */
  readonly count_is_exact: boolean;
  readonly replayed: number;
  readonly failed: number;
  /** The last event that the replay has finished. */
  readonly position: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ReplayCreation = {
  readonly filter?: {
    readonly status?: "delivered" | "dead" | "cancelled" | readonly ("delivered" | "dead" | "cancelled")[] | null;
    readonly destination_id?: string | null;
    readonly integration_id?: string | null;
    readonly route_id?: string | null;
    readonly from?: string | null;
    readonly to?: string | null;
  };
  /** Instead of `filter`: the deliveries to repeat. */
  readonly delivery_ids?: readonly string[];
  /** Counts only. `false` starts the replay. */
  readonly dry_run?: boolean;
  readonly rate_per_second?: number;
};

export type ReplayEstimate = {
  readonly filter: ReplayFilter;
  readonly dry_run: true;
  readonly count: number;
  /** False if more may match: a count reads at most 100,000 events. The replay itself reads all. */
  readonly count_is_exact: boolean;
  /** Those of the request's `delivery_ids` that are not on record; empty without that field. */
  readonly unknown_delivery_ids: readonly string[];
};

export type ReplayFilter = {
  readonly status: readonly ("delivered" | "dead" | "cancelled")[];
  readonly destination_id: string | null;
  readonly integration_id: string | null;
  readonly route_id: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly delivery_ids: readonly string[] | null;
};

export type ReplayList = {
  readonly data: readonly Replay[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type ReplayedEvent = {
  readonly id: string;
  readonly deliveries: readonly DeliveryOfEvent[];
};

export type RetraceOptions = {
  readonly title_template?: string | null;
  readonly description_template?: string | null;
  readonly expect_every_minutes?: number | null;
};

export type RevealedDestination = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  /** One of cli, document, email, queue, s3, webhook. */
  readonly type: string;
  /** Null for types that call no URL. */
  readonly url: string | null;
  readonly method: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  /** Values that look like secrets are shown as `••••`; sent back like that, they keep their values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly forward_headers: readonly string[];
  readonly auth: DestinationAuth;
  readonly signing: DestinationSigning;
  readonly payload: DestinationPayload;
  readonly transformation_id: string | null;
  /** By type of event: what its request has in place of the destination's own. */
  readonly requests: Readonly<Record<string, DestinationEventRequest>>;
  readonly options: JsonObject;
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
  /** Since when its deliveries wait; null if it is not paused. */
  readonly paused_at: string | null;
  readonly health: {
    /** `paused_by_breaker`: the circuit breaker is open until `retry_at`. `probing`: one attempt tests the destination. */
    readonly status: "healthy" | "failing" | "paused_by_breaker" | "probing";
    /** Consecutive failed attempts. */
    readonly failures: number;
    readonly failing_since: string | null;
    readonly retry_at: string | null;
  };
  /** Until when a replaced signing secret signs, too; null if none does. */
  readonly signing_overlap_ends_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Only in the answer that sets it. */
  readonly signing_secret?: string;
};

export type RevealedToken = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Only in this answer. */
  readonly token: string;
};

export type Route = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  readonly enabled: boolean;
  /** Null for all. */
  readonly integration_ids: readonly string[] | null;
  /** Null for all types except those that a route must name. */
  readonly event_types:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.failing"
        | "destination.recovered"
        | "destination.disabled"
        | "delivery.dead"
        | "integration.silent"
        | "integration.heard"
        | "integration.rejecting"
        | "transformation.failing"
        | "dead_letter.recorded"
        | "reconciliation.failed"
        | "log.damaged"
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

export type RouteChange = {
  readonly name?: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  readonly destination_ids?: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all types except those that a route must name. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.failing"
        | "destination.recovered"
        | "destination.disabled"
        | "delivery.dead"
        | "integration.silent"
        | "integration.heard"
        | "integration.rejecting"
        | "transformation.failing"
        | "dead_letter.recorded"
        | "reconciliation.failed"
        | "log.damaged"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0 delivers events one by one. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
};

export type RouteCreation = {
  readonly name: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  readonly destination_ids: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all types except those that a route must name. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.failing"
        | "destination.recovered"
        | "destination.disabled"
        | "delivery.dead"
        | "integration.silent"
        | "integration.heard"
        | "integration.rejecting"
        | "transformation.failing"
        | "dead_letter.recorded"
        | "reconciliation.failed"
        | "log.damaged"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0 delivers events one by one. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
};

export type RouteList = {
  readonly data: readonly Route[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type RoutePreview = {
  readonly data: readonly {
    readonly event_id: string;
    /** Null for the gateway's own events. */
    readonly integration_id: string | null;
    readonly title: string | null;
    readonly received_at: string;
    readonly type:
      | "alert.created"
      | "alert.repeated"
      | "alert.updated"
      | "alert.acknowledged"
      | "alert.resolved"
      | "event.received"
      | "event.group"
      | "destination.failing"
      | "destination.recovered"
      | "destination.disabled"
      | "delivery.dead"
      | "integration.silent"
      | "integration.heard"
      | "integration.rejecting"
      | "transformation.failing"
      | "dead_letter.recorded"
      | "reconciliation.failed"
      | "log.damaged"
      | "test"
      | null;
    readonly matches: boolean;
    /** Why the route does not take the event. */
    readonly reason: "disabled" | "integration" | "event_type" | "match" | null;
  }[];
  readonly matched: number;
};

export type RoutePreviewRequest = {
  readonly name?: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  readonly destination_ids?: readonly string[];
  readonly enabled?: boolean;
  /** Null for all. */
  readonly integration_ids?: readonly string[] | null;
  /** Null for all types except those that a route must name. */
  readonly event_types?:
    | readonly (
        | "alert.created"
        | "alert.repeated"
        | "alert.updated"
        | "alert.acknowledged"
        | "alert.resolved"
        | "event.received"
        | "event.group"
        | "destination.failing"
        | "destination.recovered"
        | "destination.disabled"
        | "delivery.dead"
        | "integration.silent"
        | "integration.heard"
        | "integration.rejecting"
        | "transformation.failing"
        | "dead_letter.recorded"
        | "reconciliation.failed"
        | "log.damaged"
        | "test"
      )[]
    | null;
  /** A MongoDB-style filter over `{type, data}`. */
  readonly match?: JsonObject | null;
  /** 0 delivers events one by one. */
  readonly group_window_seconds?: number;
  /** A template; null for the alert's key. */
  readonly group_by?: string | null;
  /** Dotted paths; null for the payload's `attributes`. */
  readonly group_attributes?: readonly string[] | null;
  readonly event_ids?: readonly string[];
  readonly limit?: number;
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
      readonly type: "ignore" | "receive" | "test";
      readonly reason?: string | number | boolean;
    }
)[];

export type RuleSetDetection = {
  readonly data: readonly {
    /** For `options.rule_set` of an integration. */
    readonly name: string;
    readonly title: string;
    readonly category:
      | "monitoring"
      | "infrastructure"
      | "logs"
      | "cloud"
      | "uptime"
      | "jobs"
      | "errors"
      | "incidents"
      | "code"
      | "deployment"
      | "security"
      | "support"
      | "commerce";
    /** At most 1: the share of the members that the rule set reads and the request has. */
    readonly confidence: number;
    /** For `POST /integrations`, and for `PATCH /integrations/{id}` of a `catch` or `rules` integration. */
    readonly integration: {
      readonly type: "rules";
      readonly options: {
        readonly rule_set: string;
      };
    };
  }[];
  /** How many requests were compared: the body, or samples of the integration. */
  readonly requests: number;
};

export type RuleSetList = {
  readonly data: readonly {
    /** For `options.rule_set` of an integration. */
    readonly name: string;
    readonly title: string;
    readonly category:
      | "monitoring"
      | "infrastructure"
      | "logs"
      | "cloud"
      | "uptime"
      | "jobs"
      | "errors"
      | "incidents"
      | "code"
      | "deployment"
      | "security"
      | "support"
      | "commerce";
    /** The name of the product's logo in Simple Icons, which may not have it. */
    readonly logo: string;
    /**
     * What it can do beside opening alerts. With `severity`, the urgency follows what the product says; with `test`, a
     * test notification of the product is delivered as a test.
     */
    readonly capabilities: readonly ("resolve" | "acknowledge" | "severity" | "test")[];
    /** What its rules can do, such as `create` and `resolve`. */
    readonly actions: readonly string[];
    readonly vendor_url: string | null;
    /** A path in the repository. */
    readonly docs: string | null;
    readonly options: JsonObject;
  }[];
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
        readonly type: "parse_json" | "parse_sns" | "unwrap_data" | "unwrap_event" | "wrap_alarm";
      }[]
    | null;
  readonly each?: string | null;
  readonly expect_every_minutes?: number | null;
};

/** On creation, every option without a default is required. */
export type S3Options = {
  readonly bucket?: string;
  readonly key?: string;
  readonly addressing?: "path" | "virtual_host";
  readonly storage_class?: string;
  readonly content_type?: string;
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

export type SearchResult = {
  readonly data: readonly {
    readonly kind:
      | "integration"
      | "destination"
      | "route"
      | "transformation"
      | "event"
      | "alert"
      | "delivery"
      | "replay"
      | "token";
    readonly id: string;
    /** Its name or title, else what it is. */
    readonly title: string;
  }[];
};

export type SecretRotation = {
  readonly overlap_seconds?: number;
  readonly secret?: string;
};

export type Segment = {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The events that are in it now. Events that changed later are elsewhere. */
  readonly events: number;
  /** The size of its object in R2. */
  readonly bytes: number;
};

export type SegmentContent = {
  readonly segment: {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    /** The events that are in it now. Events that changed later are elsewhere. */
    readonly events: number;
    /** The size of its object in R2. */
    readonly bytes: number;
    readonly shard: number;
    /** Counts the segments of the shard. */
    readonly sequence: number;
    /** SHA-256 of the hashes of all of its entries, one after another. */
    readonly root: string;
    /** The end of the chain before it; empty for the first segment. */
    readonly previous: string;
    /** The end of the chain with it: SHA-256 of `previous`, the id and `root`. */
    readonly chained: string;
    /** What the values of a row are. */
    readonly columns: readonly string[];
    /** The number of its entries on all pages. */
    readonly written: number;
  };
  /** Some of its entries, oldest first. */
  readonly data: readonly {
    /** The event. */
    readonly id: string;
    /** SHA-256, in hex. */
    readonly hash: string;
    /** 16 bytes in hex; null if the event was erased, or is in the database again. */
    readonly salt: string | null;
    /** The values of its row as JSON. Its hash is SHA-256 of the salt and this text. */
    readonly row: string | null;
  }[];
  /** Why its object, or this part of it, cannot be read as it was written; null if it can. */
  readonly damage: string | null;
  /** Null on the last page only. */
  readonly next_cursor: string | null;
};

export type SegmentList = {
  readonly data: readonly Segment[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type Session = {
  /**
   * `admin` for `ADMIN_TOKEN`, else the id of the API token; `access:` and the email for a user of Cloudflare
   * Access.
   */
  readonly actor: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  /** Null for `ADMIN_TOKEN` and Cloudflare Access. */
  readonly token: {
    readonly id: string;
    readonly name: string;
    readonly expires_at: string | null;
  } | null;
  /** Null if the request has a token instead of a session. */
  readonly created_at: string | null;
  /** When the session ends without further use, at the latest. */
  readonly expires_at: string | null;
};

export type SessionCreation = {
  /** `ADMIN_TOKEN`, or an API token. */
  readonly token: string;
};

export type SigningKey = {
  /** The `kid` in `/.well-known/jwks.json`. */
  readonly id: string;
  readonly created_at: string;
  /** Until when the replaced keys sign, too. */
  readonly replaced_until: string;
};

export type SigningKeyRotation = {
  readonly overlap_seconds?: number;
};

export type ThousandeyesOptions = {
  readonly title_template?: string | null;
  readonly description_template?: string | null;
  readonly expect_every_minutes?: number | null;
};

export type Token = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type TokenChange = {
  readonly name?: string;
  readonly scopes?: readonly ("read" | "write" | "admin")[];
  readonly expires_at?: string | null;
};

export type TokenCreation = {
  readonly name: string;
  readonly scopes: readonly ("read" | "write" | "admin")[];
  readonly expires_at?: string | null;
};

export type TokenList = {
  readonly data: readonly Token[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type TokenRotation = {
  readonly overlap_seconds?: number;
  readonly secret?: string;
};

export type Transformation = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  readonly code: string;
  /** 1 for the first code; each change of the code increments it. */
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type TransformationChange = {
  readonly name?: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** A module in JavaScript whose default export is the function. */
  readonly code?: string;
};

export type TransformationCreation = {
  readonly name: string;
  /** A name of your own, by which paths and references may name it, too; null for none. */
  readonly external_id?: string | null;
  /** A module in JavaScript whose default export is the function. */
  readonly code: string;
};

export type TransformationDraftPreviewRequest = {
  /** A stored event. */
  readonly event_id?: string;
  /** Any JSON, instead of `event_id`: a payload, or at a destination the whole envelope. */
  readonly body?: Json;
  /** A module in JavaScript whose default export is the function. */
  readonly code: string;
  /**
   * Whether the code gets the event, as on an integration, or the envelope, as on a destination. By default as it is
   * used; else as on an integration.
   */
  readonly kind?: "integration" | "destination";
};

export type TransformationList = {
  readonly data: readonly Transformation[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type TransformationPreview = {
  readonly ok: boolean;
  readonly kind: "integration" | "destination";
  readonly event_id: string | null;
  /** What the code gets; absent if it is long. */
  readonly input?: Json;
  /** Any JSON. */
  readonly result: Json;
  /** The beginning of a long result, as JSON text. */
  readonly rendered?: string;
  /** Whether nothing is routed or sent, because the code returned null. */
  readonly dropped: boolean;
  /** The number of events or payloads that the result is. */
  readonly events: number;
  readonly logs: readonly string[];
  readonly error: {
    readonly code:
      | "syntax"
      | "no_default_export"
      | "exception"
      | "cpu_limit"
      | "time_limit"
      | "memory_limit"
      | "output_too_large"
      | "not_json"
      | "unavailable"
      | "wrong_result";
    readonly message: string;
    /** The line of the code, from 1; null if it is unknown. */
    readonly line: number | null;
  } | null;
  readonly duration_ms: number;
};

export type TransformationPreviewRequest = {
  /** A stored event. */
  readonly event_id?: string;
  /** Any JSON, instead of `event_id`: a payload, or at a destination the whole envelope. */
  readonly body?: Json;
  /** Instead of the stored code. */
  readonly code?: string;
  /**
   * Whether the code gets the event, as on an integration, or the envelope, as on a destination. By default as it is
   * used; else as on an integration.
   */
  readonly kind?: "integration" | "destination";
};

export type TransformationReplay = {
  readonly dry_run: boolean;
  /** The events of this page: those that were found, or else those that were run again. */
  readonly count: number;
  /** Those whose transformation succeeded. Their routes have decided. */
  readonly replayed: number;
  /** Those whose transformation failed again. They stay as they were. */
  readonly failed: number;
  /** Why they failed: the first 10 of the page. */
  readonly failures: readonly {
    readonly event_id: string;
    readonly note: string;
  }[];
  /** Whether the page ended early, because 3 or more failed in a row. */
  readonly stopped: boolean;
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type TransformationReplayRequest = {
  /** Only events that were received at this time or later. */
  readonly from?: string | null;
  /** Only events that were received at this time or earlier. */
  readonly to?: string | null;
  /** Counts only. `false` runs the transformation. */
  readonly dry_run?: boolean;
  /** The `next_cursor` of the response before, with the same times. */
  readonly cursor?: string | null;
};

export type TransformationRollback = {
  /** One of the versions that are kept: the last 50. */
  readonly version: number;
};

export type TransformationRunList = {
  readonly data: readonly {
    readonly at: string;
    /** The event that it was for, at a destination too. */
    readonly event_id: string;
    readonly version: number;
    readonly ok: boolean;
    readonly duration_ms: number;
    /** What the code wrote with `console`; long lines are cut. */
    readonly logs: readonly string[];
    readonly error: string | null;
    /** The line of the code in which it failed; null if it is unknown. */
    readonly line: number | null;
  }[];
};

export type TransformationVersionList = {
  readonly data: readonly {
    readonly version: number;
    readonly code: string;
    readonly created_at: string;
  }[];
  /** Null on the last page only; earlier pages may be short or empty. */
  readonly next_cursor: string | null;
};

export type UrlRotation = {
  readonly overlap_seconds?: number;
};

export type WholeEvent = {
  readonly id: string;
  /** Null for the gateway's own events. */
  readonly integration_id: string | null;
  /** The type that destinations receive; null if nothing is delivered. */
  readonly type:
    | "alert.created"
    | "alert.repeated"
    | "alert.updated"
    | "alert.acknowledged"
    | "alert.resolved"
    | "event.received"
    | "event.group"
    | "destination.failing"
    | "destination.recovered"
    | "destination.disabled"
    | "delivery.dead"
    | "integration.silent"
    | "integration.heard"
    | "integration.rejecting"
    | "transformation.failing"
    | "dead_letter.recorded"
    | "reconciliation.failed"
    | "log.damaged"
    | "test"
    | null;
  readonly outcome:
    | "created"
    | "repeated"
    | "updated"
    | "acknowledged"
    | "resolved"
    | "received"
    | "ignored"
    | "transformation_failed";
  readonly alert_id: string | null;
  /** What it is about; null if neither its alert nor a short payload has a title. */
  readonly title: string | null;
  /** The title, or else the beginning of the payload; null if the payload is long. */
  readonly summary: string | null;
  readonly received_at: string;
  readonly payload: Json;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether no route took the event. Types that a route must name do not count. */
  readonly unrouted: boolean;
  /** The number of its deliveries by status. */
  readonly delivery_counts: {
    readonly pending: number;
    readonly delivered: number;
    readonly dead: number;
    readonly cancelled: number;
    /** The dead ones that were not replayed. */
    readonly outstanding: number;
  };
  /**
   * What the gateway noticed, and why nothing is delivered, or not yet. `GET /events/{id}/explain` says which
   * condition of each route fails.
   */
  readonly note: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deliveries: readonly DeliveryOfEvent[];
  readonly groups: readonly {
    readonly route_id: string;
    readonly group: string;
    readonly closes_at: string;
    /** The event of the closed group. */
    readonly event_id: string | null;
  }[];
  readonly alert?: Alert | null;
};

export type WholeTransformation = {
  readonly id: string;
  readonly name: string;
  /** By which paths and references may name it, too. */
  readonly external_id: string | null;
  /**
   * `config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with
   * the command `listen`.
   */
  readonly managed_by: "config" | "listen" | null;
  readonly code: string;
  /** 1 for the first code; each change of the code increments it. */
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  /** The integrations whose events pass it, at most 250 of them. */
  readonly integration_ids: readonly string[];
  /** The destinations whose payloads pass it, at most 250 of them. */
  readonly destination_ids: readonly string[];
};

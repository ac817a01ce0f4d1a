// Made from src/api/openapi/document.json by `npm run client`. Do not edit.

import type { Call, CallOptions, KeyedCallOptions, RawBody } from "../call.ts";
import { itemsOf, pagesOf } from "../pages.ts";
import type { Result, Success } from "../result.ts";
import type {
  Alert,
  AlertDetails,
  AlertList,
  AuditList,
  Authorization,
  ConfigDocument,
  ConfigPlan,
  ConfigRequest,
  DeadLetter,
  DeadLetterList,
  Delivery,
  DeliveryList,
  DeliveryOfEvent,
  Destination,
  DestinationChange,
  DestinationCreation,
  DestinationList,
  DestinationPreview,
  DestinationPreviewRequest,
  DestinationTestRequest,
  DestinationTestResult,
  DocumentList,
  ErasedEvent,
  EventExplanation,
  EventList,
  EventReplayRequest,
  Health,
  Integration,
  IntegrationChange,
  IntegrationCreation,
  IntegrationList,
  IntegrationPreview,
  JsonSchema,
  KeySet,
  Keys,
  McpMessage,
  Metrics,
  Nothing,
  OpenApi,
  PresetList,
  PublishedLog,
  Ready,
  Reconciliation,
  RejectionList,
  Replay,
  ReplayCreation,
  ReplayEstimate,
  ReplayList,
  ReplayedEvent,
  RevealedDestination,
  RevealedToken,
  Route,
  RouteChange,
  RouteCreation,
  RouteList,
  RoutePreview,
  RoutePreviewRequest,
  RuleSetDetection,
  RuleSetList,
  SampleList,
  SearchResult,
  SecretRotation,
  SegmentContent,
  SegmentList,
  Session,
  SessionCreation,
  SigningKey,
  SigningKeyRotation,
  Token,
  TokenChange,
  TokenCreation,
  TokenList,
  TokenRotation,
  Transformation,
  TransformationChange,
  TransformationCreation,
  TransformationDraftPreviewRequest,
  TransformationList,
  TransformationPreview,
  TransformationPreviewRequest,
  TransformationReplay,
  TransformationReplayRequest,
  TransformationRollback,
  TransformationRunList,
  TransformationVersionList,
  UrlRotation,
  WholeEvent,
  WholeTransformation,
} from "./types.ts";

export type IntegrationsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly name?: string;
};

export type IntegrationsSamplesListQuery = {
  readonly limit?: number;
};

export type IntegrationsRejectionsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type DestinationsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly name?: string;
};

export type DestinationsDeleteQuery = {
  readonly force?: boolean;
};

export type DestinationsDocumentsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type RoutesListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly name?: string;
};

export type TransformationsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly name?: string;
};

export type TransformationsDeleteQuery = {
  readonly force?: boolean;
};

export type TransformationsVersionsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type EventsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly integration_id?: string;
  readonly outcome?:
    | "created"
    | "repeated"
    | "updated"
    | "acknowledged"
    | "resolved"
    | "received"
    | "ignored"
    | "transformation_failed";
  readonly type?:
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
  readonly alert_id?: string;
  readonly unrouted?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
  readonly expand?: string;
};

export type EventsGetQuery = {
  readonly expand?: string;
};

export type EventsExplainQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type AlertsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly status?: "open" | "acknowledged" | "resolved";
  readonly integration_id?: string;
  readonly key?: string;
  readonly urgency?: "low" | "medium" | "high" | "critical";
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
};

export type DeliveriesListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly status?: "pending" | "delivered" | "dead" | "cancelled";
  readonly outstanding?: "true";
  readonly replays?: boolean;
  readonly destination_id?: string;
  readonly event_id?: string;
  readonly integration_id?: string;
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
  readonly from?: string;
  readonly to?: string;
  readonly created_from?: string;
  readonly created_to?: string;
  readonly q?: string;
  readonly expand?: string;
};

export type DeliveriesGetQuery = {
  readonly expand?: string;
};

export type ReplaysListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type SearchGetQuery = {
  readonly q?: string;
};

export type SegmentsListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type SegmentsGetQuery = {
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type DeadLettersListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type TokensListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
};

export type RuleSetsListQuery = {
  readonly q?: string;
  readonly category?:
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
};

export type RuleSetsDetectQuery = {
  readonly integration_id?: string;
};

export type MetricsGetQuery = {
  readonly measure?: "accepted" | "delivered" | "failed" | "attempts" | "latency_p50" | "latency_p95";
  readonly group_by?: "integration" | "destination" | "none";
  readonly step?: "minute" | "hour" | "day";
  readonly from?: string;
  readonly to?: string;
};

export type AuditListQuery = {
  readonly limit?: number;
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  readonly actor?: string;
  readonly kind?:
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
  readonly id?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
};

export type ConfigApplyQuery = {
  readonly dry_run?: boolean;
  readonly prune?: boolean;
};

function createIntegrationsSamples(call: Call) {
  return {
    /** `GET /api/v1/integrations/{id}/samples`: List the latest requests to an integration. Needs the scope `read`. */
    list: (
      id: string,
      query: IntegrationsSamplesListQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, SampleList>>> =>
      call(
        { method: "GET", path: "/api/v1/integrations/{id}/samples", params: { id }, query, reads: { 200: "json" } },
        options,
      ),
  };
}

function createIntegrationsRejections(call: Call) {
  const list = (
    id: string,
    query: IntegrationsRejectionsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, RejectionList>>> =>
    call(
      { method: "GET", path: "/api/v1/integrations/{id}/rejections", params: { id }, query, reads: { 200: "json" } },
      options,
    );
  return {
    /**
     * `GET /api/v1/integrations/{id}/rejections`: List the requests to an integration that were refused. One row for
     * each status and code of a minute. An isolate writes its counts at the first refused request, then at most every
     * 30 seconds. Needs the scope `read`.
     */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      id: string,
      query: IntegrationsRejectionsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<RejectionList, void, void> => pagesOf((at) => list(id, { ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      id: string,
      query: IntegrationsRejectionsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<RejectionList["data"][number], void, void> =>
      itemsOf((at) => list(id, { ...query, ...at }, options)),
  };
}

function createIntegrations(call: Call) {
  const list = (
    query: IntegrationsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, IntegrationList>>> =>
    call({ method: "GET", path: "/api/v1/integrations", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/integrations`: List integrations. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      query: IntegrationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<IntegrationList, void, void> => pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: IntegrationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<IntegrationList["data"][number], void, void> =>
      itemsOf((at) => list({ ...query, ...at }, options)),

    /**
     * `POST /api/v1/integrations`: Create an integration. A credential that is omitted is generated. Needs the scope
     * `write`.
     */
    create: (body: IntegrationCreation, options: KeyedCallOptions = {}): Promise<Result<Success<201, Integration>>> =>
      call({ method: "POST", path: "/api/v1/integrations", json: body, reads: { 201: "json" } }, options),

    /** `GET /api/v1/integrations/{id}`: Get an integration. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, Integration>>> =>
      call({ method: "GET", path: "/api/v1/integrations/{id}", params: { id }, reads: { 200: "json" } }, options),

    /**
     * `PATCH /api/v1/integrations/{id}`: Update an integration. `options` are merged. A credential that is omitted
     * keeps its value. `type` can change from `catch` to `rules` and back, with other `options`; its alerts and events
     * stay as they are. Needs the scope `write`.
     */
    update: (
      id: string,
      body: IntegrationChange,
      options: CallOptions = {},
    ): Promise<Result<Success<200, Integration>>> =>
      call(
        { method: "PATCH", path: "/api/v1/integrations/{id}", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /** `DELETE /api/v1/integrations/{id}`: Delete an integration. Needs the scope `write`. */
    delete: (id: string, options: CallOptions = {}): Promise<Result<Success<204, null>>> =>
      call({ method: "DELETE", path: "/api/v1/integrations/{id}", params: { id }, reads: { 204: "nothing" } }, options),

    /**
     * `POST /api/v1/integrations/{id}/rotate-token`: Give an integration a new credential. The replaced credential is
     * accepted until the overlap ends. Needs the scope `write`.
     */
    rotateToken: (
      id: string,
      body?: TokenRotation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, Integration>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/integrations/{id}/rotate-token",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /**
     * `POST /api/v1/integrations/{id}/rotate-url`: Give an integration another URL. Its id stays. The replaced URL
     * works until the overlap ends. Needs the scope `write`.
     */
    rotateUrl: (
      id: string,
      body?: UrlRotation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, Integration>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/integrations/{id}/rotate-url",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /**
     * `POST /api/v1/integrations/{id}/preview`: Show what a webhook would become. Send a webhook in the form in which
     * its sender sends it. Nothing is stored or sent. An `Idempotency-Key` is read as the sender's. `authentication`
     * says whether the credentials or the signature would be accepted; `accepted` and `events` are what the content is
     * without that check, after the transformation of the integration (of at most 20 events). Give the sender's
     * `Authorization` in the header `hookgate-authorization`. Needs the scope `write`.
     */
    preview: (
      id: string,
      body?: RawBody,
      options: CallOptions = {},
    ): Promise<Result<Success<200, IntegrationPreview>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/integrations/{id}/preview",
          params: { id },
          raw: body,
          reads: { 200: "json" },
        },
        options,
      ),

    samples: createIntegrationsSamples(call),
    rejections: createIntegrationsRejections(call),
  };
}

function createDestinationsDocuments(call: Call) {
  const list = (
    id: string,
    query: DestinationsDocumentsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, DocumentList>>> =>
    call(
      { method: "GET", path: "/api/v1/destinations/{id}/documents", params: { id }, query, reads: { 200: "json" } },
      options,
    );
  return {
    /** `GET /api/v1/destinations/{id}/documents`: List the documents that a destination wrote. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      id: string,
      query: DestinationsDocumentsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DocumentList, void, void> => pagesOf((at) => list(id, { ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      id: string,
      query: DestinationsDocumentsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DocumentList["data"][number], void, void> =>
      itemsOf((at) => list(id, { ...query, ...at }, options)),

    /**
     * `GET /api/v1/destinations/{id}/documents/{key}`: Download a document. The key may contain slashes. Needs the
     * scope `read`.
     */
    get: (id: string, key: string, options: CallOptions = {}): Promise<Result<Success<200, Uint8Array<ArrayBuffer>>>> =>
      call(
        {
          method: "GET",
          path: "/api/v1/destinations/{id}/documents/{key}",
          params: { id, key },
          reads: { 200: "bytes" },
        },
        options,
      ),
  };
}

function createDestinations(call: Call) {
  const list = (
    query: DestinationsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, DestinationList>>> =>
    call({ method: "GET", path: "/api/v1/destinations", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/destinations`: List destinations. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      query: DestinationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DestinationList, void, void> => pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: DestinationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DestinationList["data"][number], void, void> =>
      itemsOf((at) => list({ ...query, ...at }, options)),

    /** `POST /api/v1/destinations`: Create a destination. Needs the scope `write`. */
    create: (
      body: DestinationCreation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<201, RevealedDestination>>> =>
      call({ method: "POST", path: "/api/v1/destinations", json: body, reads: { 201: "json" } }, options),

    /** `GET /api/v1/destinations/{id}`: Get a destination. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, Destination>>> =>
      call({ method: "GET", path: "/api/v1/destinations/{id}", params: { id }, reads: { 200: "json" } }, options),

    /**
     * `PATCH /api/v1/destinations/{id}`: Update a destination. Secrets that are omitted keep their values. `type`
     * cannot be changed. Needs the scope `write`.
     */
    update: (
      id: string,
      body: DestinationChange,
      options: CallOptions = {},
    ): Promise<Result<Success<200, RevealedDestination>>> =>
      call(
        { method: "PATCH", path: "/api/v1/destinations/{id}", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /**
     * `DELETE /api/v1/destinations/{id}`: Delete a destination. Its pending deliveries are cancelled. Of very many,
     * most are cancelled within minutes after the response. Needs the scope `write`.
     */
    delete: (
      id: string,
      query: DestinationsDeleteQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<204, null>>> =>
      call(
        { method: "DELETE", path: "/api/v1/destinations/{id}", params: { id }, query, reads: { 204: "nothing" } },
        options,
      ),

    /**
     * `POST /api/v1/destinations/{id}/test`: Send a test event. Makes one attempt, which is not recorded, even if the
     * destination is disabled. A failure of the receiver is 200, too. Needs the scope `write`.
     */
    test: (
      id: string,
      body?: DestinationTestRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, DestinationTestResult>>> =>
      call(
        { method: "POST", path: "/api/v1/destinations/{id}/test", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /**
     * `POST /api/v1/destinations/{id}/pause`: Pause a destination. Its deliveries wait, whatever their age, and none
     * is cancelled. An attempt in flight ends, and other isolates stop within 10 seconds. A destination that is paused
     * stays as it is. Needs the scope `write`.
     */
    pause: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, Destination>>> =>
      call(
        { method: "POST", path: "/api/v1/destinations/{id}/pause", params: { id }, reads: { 200: "json" } },
        options,
      ),

    /**
     * `POST /api/v1/destinations/{id}/resume`: Resume a destination. The deliveries that have waited are attempted
     * from now on, at most 50 a second. Of very many, most become due within minutes after the response. A destination
     * that is not paused stays as it is. Needs the scope `write`.
     */
    resume: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, Destination>>> =>
      call(
        { method: "POST", path: "/api/v1/destinations/{id}/resume", params: { id }, reads: { 200: "json" } },
        options,
      ),

    /**
     * `POST /api/v1/destinations/{id}/rotate-secret`: Give a destination a new signing secret. The replaced secret
     * signs, too, until the overlap ends. Needs the scope `write`.
     */
    rotateSecret: (
      id: string,
      body?: SecretRotation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, RevealedDestination>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/destinations/{id}/rotate-secret",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /**
     * `POST /api/v1/destinations/{id}/preview`: Show what would be sent. For the named event or the newest one, with
     * the destination's payload and requests or others. Nothing is stored or sent. Needs the scope `write`.
     */
    preview: (
      id: string,
      body?: DestinationPreviewRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, DestinationPreview>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/destinations/{id}/preview",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /** `POST /api/v1/destinations/{id}/authorize`: Start an OAuth authorization. Needs the scope `write`. */
    authorize: (
      id: string,
      body?: Nothing,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, Authorization>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/destinations/{id}/authorize",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    documents: createDestinationsDocuments(call),
  };
}

function createRoutes(call: Call) {
  const list = (query: RoutesListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, RouteList>>> =>
    call({ method: "GET", path: "/api/v1/routes", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/routes`: List routes. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: RoutesListQuery = {}, options: CallOptions = {}): AsyncGenerator<RouteList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: RoutesListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<RouteList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `POST /api/v1/routes`: Create a route. Needs the scope `write`. */
    create: (body: RouteCreation, options: KeyedCallOptions = {}): Promise<Result<Success<201, Route>>> =>
      call({ method: "POST", path: "/api/v1/routes", json: body, reads: { 201: "json" } }, options),

    /** `GET /api/v1/routes/{id}`: Get a route. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, Route>>> =>
      call({ method: "GET", path: "/api/v1/routes/{id}", params: { id }, reads: { 200: "json" } }, options),

    /** `PATCH /api/v1/routes/{id}`: Update a route. Needs the scope `write`. */
    update: (id: string, body: RouteChange, options: CallOptions = {}): Promise<Result<Success<200, Route>>> =>
      call(
        { method: "PATCH", path: "/api/v1/routes/{id}", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /** `DELETE /api/v1/routes/{id}`: Delete a route. Needs the scope `write`. */
    delete: (id: string, options: CallOptions = {}): Promise<Result<Success<204, null>>> =>
      call({ method: "DELETE", path: "/api/v1/routes/{id}", params: { id }, reads: { 204: "nothing" } }, options),

    /**
     * `POST /api/v1/routes/{id}/preview`: Show which events a route takes. With the given fields in place of the
     * stored ones. Nothing is stored or sent. Needs the scope `write`.
     */
    preview: (
      id: string,
      body?: RoutePreviewRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, RoutePreview>>> =>
      call(
        { method: "POST", path: "/api/v1/routes/{id}/preview", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),
  };
}

function createRoutePreviews(call: Call) {
  return {
    /**
     * `POST /api/v1/route-previews`: Show which events a new route would take. With the default of each field that is
     * not given. Nothing is stored or sent. Needs the scope `write`.
     */
    create: (body?: RoutePreviewRequest, options: KeyedCallOptions = {}): Promise<Result<Success<200, RoutePreview>>> =>
      call({ method: "POST", path: "/api/v1/route-previews", json: body, reads: { 200: "json" } }, options),
  };
}

function createTransformationsVersions(call: Call) {
  const list = (
    id: string,
    query: TransformationsVersionsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, TransformationVersionList>>> =>
    call(
      { method: "GET", path: "/api/v1/transformations/{id}/versions", params: { id }, query, reads: { 200: "json" } },
      options,
    );
  return {
    /** `GET /api/v1/transformations/{id}/versions`: List the versions of a transformation. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      id: string,
      query: TransformationsVersionsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<TransformationVersionList, void, void> => pagesOf((at) => list(id, { ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      id: string,
      query: TransformationsVersionsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<TransformationVersionList["data"][number], void, void> =>
      itemsOf((at) => list(id, { ...query, ...at }, options)),
  };
}

function createTransformationsRuns(call: Call) {
  return {
    /**
     * `GET /api/v1/transformations/{id}/runs`: List the last runs of a transformation. Those that failed or wrote
     * lines, at most 20. They appear some seconds later. The log is for finding faults: of an isolate that ends, the
     * last ones are lost. Needs the scope `read`.
     */
    list: (id: string, options: CallOptions = {}): Promise<Result<Success<200, TransformationRunList>>> =>
      call(
        { method: "GET", path: "/api/v1/transformations/{id}/runs", params: { id }, reads: { 200: "json" } },
        options,
      ),
  };
}

function createTransformations(call: Call) {
  const list = (
    query: TransformationsListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, TransformationList>>> =>
    call({ method: "GET", path: "/api/v1/transformations", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/transformations`: List transformations. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (
      query: TransformationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<TransformationList, void, void> => pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: TransformationsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<TransformationList["data"][number], void, void> =>
      itemsOf((at) => list({ ...query, ...at }, options)),

    /**
     * `POST /api/v1/transformations`: Create a transformation. The code is compiled; it is not accepted without a
     * default export. It has an effect once an integration or a destination names it as `transformation_id`. Needs the
     * scope `write`.
     */
    create: (
      body: TransformationCreation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<201, Transformation>>> =>
      call({ method: "POST", path: "/api/v1/transformations", json: body, reads: { 201: "json" } }, options),

    /** `GET /api/v1/transformations/{id}`: Get a transformation. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, WholeTransformation>>> =>
      call({ method: "GET", path: "/api/v1/transformations/{id}", params: { id }, reads: { 200: "json" } }, options),

    /**
     * `PATCH /api/v1/transformations/{id}`: Update a transformation. Another `code` makes another version, which is in
     * force within 10 seconds. The earlier ones are kept. Needs the scope `write`.
     */
    update: (
      id: string,
      body: TransformationChange,
      options: CallOptions = {},
    ): Promise<Result<Success<200, Transformation>>> =>
      call(
        { method: "PATCH", path: "/api/v1/transformations/{id}", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /**
     * `DELETE /api/v1/transformations/{id}`: Delete a transformation. With its versions. What passed it passes nothing
     * from then on. Needs the scope `write`.
     */
    delete: (
      id: string,
      query: TransformationsDeleteQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<204, null>>> =>
      call(
        { method: "DELETE", path: "/api/v1/transformations/{id}", params: { id }, query, reads: { 204: "nothing" } },
        options,
      ),

    /**
     * `POST /api/v1/transformations/{id}/rollback`: Roll a transformation back. Makes a new version with the code of
     * an earlier one. Nothing changes if that is the current code. Needs the scope `write`.
     */
    rollback: (
      id: string,
      body: TransformationRollback,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, Transformation>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/transformations/{id}/rollback",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /**
     * `POST /api/v1/transformations/{id}/replay`: Replay the events for which a transformation failed. Takes a page of
     * the events with the outcome `transformation_failed` of the integrations that have this transformation now,
     * newest first, at most 50. Unless it is a dry run, each passes the transformation again, with the payload that
     * arrived, and its routes decide. Events whose content is gone are left out. Repeat the request with `next_cursor`
     * until it is null. A repetition replays no event twice. Needs the scope `write`.
     */
    replay: (
      id: string,
      body?: TransformationReplayRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, TransformationReplay>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/transformations/{id}/replay",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    /**
     * `POST /api/v1/transformations/{id}/preview`: Show what a transformation returns. For a stored event or a body,
     * with the stored code or another. Nothing is stored or sent. Needs the scope `write`.
     */
    preview: (
      id: string,
      body: TransformationPreviewRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, TransformationPreview>>> =>
      call(
        {
          method: "POST",
          path: "/api/v1/transformations/{id}/preview",
          params: { id },
          json: body,
          reads: { 200: "json" },
        },
        options,
      ),

    versions: createTransformationsVersions(call),
    runs: createTransformationsRuns(call),
  };
}

function createTransformationPreviews(call: Call) {
  return {
    /**
     * `POST /api/v1/transformation-previews`: Show what a new transformation would return. For a stored event or a
     * body. Nothing is stored or sent. Needs the scope `write`.
     */
    create: (
      body: TransformationDraftPreviewRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, TransformationPreview>>> =>
      call({ method: "POST", path: "/api/v1/transformation-previews", json: body, reads: { 200: "json" } }, options),
  };
}

function createEvents(call: Call) {
  const list = (query: EventsListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, EventList>>> =>
    call({ method: "GET", path: "/api/v1/events", query, reads: { 200: "json" } }, options);
  return {
    /**
     * `GET /api/v1/events`: List events. A page may be shorter if bodies are large. A page reads a bounded number of
     * rows: with a filter that few rows match, a page may be short or empty and still have a `next_cursor`. Needs the
     * scope `read`.
     */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: EventsListQuery = {}, options: CallOptions = {}): AsyncGenerator<EventList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: EventsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<EventList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `GET /api/v1/events/{id}`: Get an event with its deliveries. Needs the scope `read`. */
    get: (
      id: string,
      query: EventsGetQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, WholeEvent>>> =>
      call({ method: "GET", path: "/api/v1/events/{id}", params: { id }, query, reads: { 200: "json" } }, options),

    /**
     * `GET /api/v1/events/{id}/explain`: Explain which routes take an event. With the routes as they are now, in the
     * order in which they are evaluated, the oldest first: whether each would take the event and, if not, which
     * conditions fail. Needs the scope `read`.
     */
    explain: (
      id: string,
      query: EventsExplainQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, EventExplanation>>> =>
      call(
        { method: "GET", path: "/api/v1/events/{id}/explain", params: { id }, query, reads: { 200: "json" } },
        options,
      ),

    /**
     * `POST /api/v1/events/{id}/replay`: Deliver an event again. To the named destinations; otherwise to those that it
     * was delivered to, or that the routes would deliver it to now. An event whose transformation failed passes it
     * again first, with the payload that arrived, and its routes decide. Needs the scope `write`.
     */
    replay: (
      id: string,
      body?: EventReplayRequest,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, ReplayedEvent>>> =>
      call(
        { method: "POST", path: "/api/v1/events/{id}/replay", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /**
     * `POST /api/v1/events/{id}/erase`: Erase the content of an event. At once and permanently. Its pending deliveries
     * are cancelled. Needs the scope `write`.
     */
    erase: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, ErasedEvent>>> =>
      call({ method: "POST", path: "/api/v1/events/{id}/erase", params: { id }, reads: { 200: "json" } }, options),
  };
}

function createAlerts(call: Call) {
  const list = (query: AlertsListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, AlertList>>> =>
    call({ method: "GET", path: "/api/v1/alerts", query, reads: { 200: "json" } }, options);
  return {
    /**
     * `GET /api/v1/alerts`: List alerts. The times are those at which the alerts were opened. A page may be shorter if
     * descriptions are large. A page reads a bounded number of rows: with a filter that few rows match, a page may be
     * short or empty and still have a `next_cursor`. Needs the scope `read`.
     */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: AlertsListQuery = {}, options: CallOptions = {}): AsyncGenerator<AlertList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: AlertsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<AlertList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `GET /api/v1/alerts/{id}`: Get an alert. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, AlertDetails>>> =>
      call({ method: "GET", path: "/api/v1/alerts/{id}", params: { id }, reads: { 200: "json" } }, options),

    /** `POST /api/v1/alerts/{id}/acknowledge`: Acknowledge an alert. Needs the scope `write`. */
    acknowledge: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, Alert>>> =>
      call(
        { method: "POST", path: "/api/v1/alerts/{id}/acknowledge", params: { id }, reads: { 200: "json" } },
        options,
      ),

    /** `POST /api/v1/alerts/{id}/resolve`: Resolve an alert. Needs the scope `write`. */
    resolve: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, Alert>>> =>
      call({ method: "POST", path: "/api/v1/alerts/{id}/resolve", params: { id }, reads: { 200: "json" } }, options),
  };
}

function createDeliveries(call: Call) {
  const list = (
    query: DeliveriesListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, DeliveryList>>> =>
    call({ method: "GET", path: "/api/v1/deliveries", query, reads: { 200: "json" } }, options);
  return {
    /**
     * `GET /api/v1/deliveries`: List deliveries. Deliveries are in the order of their events. A replay of an earlier
     * event is listed where the event is; `replays` and `created_from` find it. A page reads a bounded number of rows:
     * with a filter that few rows match, a page may be short or empty and still have a `next_cursor`. Needs the scope
     * `read`.
     */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: DeliveriesListQuery = {}, options: CallOptions = {}): AsyncGenerator<DeliveryList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: DeliveriesListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DeliveryList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `GET /api/v1/deliveries/{id}`: Get a delivery. Needs the scope `read`. */
    get: (
      id: string,
      query: DeliveriesGetQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, Delivery>>> =>
      call({ method: "GET", path: "/api/v1/deliveries/{id}", params: { id }, query, reads: { 200: "json" } }, options),

    /**
     * `POST /api/v1/deliveries/{id}/retry`: Retry a delivery now. If the delivery succeeded already, a new delivery
     * repeats it and is returned. Needs the scope `write`.
     */
    retry: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, DeliveryOfEvent>>> =>
      call({ method: "POST", path: "/api/v1/deliveries/{id}/retry", params: { id }, reads: { 200: "json" } }, options),
  };
}

function createReplays(call: Call) {
  const list = (query: ReplaysListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, ReplayList>>> =>
    call({ method: "GET", path: "/api/v1/replays", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/replays`: List replays. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: ReplaysListQuery = {}, options: CallOptions = {}): AsyncGenerator<ReplayList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: ReplaysListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<ReplayList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /**
     * `POST /api/v1/replays`: Replay deliveries in bulk. Without `"dry_run": false` this only counts. A filter without
     * `status` takes dead deliveries. Needs the scope `write`.
     */
    create: (
      body: ReplayCreation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, ReplayEstimate> | Success<201, Replay>>> =>
      call({ method: "POST", path: "/api/v1/replays", json: body, reads: { 200: "json", 201: "json" } }, options),

    /** `GET /api/v1/replays/{id}`: Get a replay and its progress. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, Replay>>> =>
      call({ method: "GET", path: "/api/v1/replays/{id}", params: { id }, reads: { 200: "json" } }, options),

    /**
     * `POST /api/v1/replays/{id}/cancel`: Stop a replay. Deliveries that it has made continue. A finished replay stays
     * as it is. Needs the scope `write`.
     */
    cancel: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, Replay>>> =>
      call({ method: "POST", path: "/api/v1/replays/{id}/cancel", params: { id }, reads: { 200: "json" } }, options),
  };
}

function createSearch(call: Call) {
  return {
    /**
     * `GET /api/v1/search`: Find an id, a key or a word. What has this id; else what has a name, a key, a title or a
     * payload with this text, the best first. It searches the newest events and alerts only: their lists search
     * further back. Needs the scope `read`.
     */
    get: (query: SearchGetQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, SearchResult>>> =>
      call({ method: "GET", path: "/api/v1/search", query, reads: { 200: "json" } }, options),
  };
}

function createSegments(call: Call) {
  const list = (query: SegmentsListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, SegmentList>>> =>
    call({ method: "GET", path: "/api/v1/segments", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/segments`: List the segments of the log. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: SegmentsListQuery = {}, options: CallOptions = {}): AsyncGenerator<SegmentList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: SegmentsListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<SegmentList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `GET /api/v1/segments/{id}`: Get a segment of the log with its entries, to verify it. Needs the scope `read`. */
    get: (
      id: string,
      query: SegmentsGetQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, SegmentContent>>> =>
      call({ method: "GET", path: "/api/v1/segments/{id}", params: { id }, query, reads: { 200: "json" } }, options),
  };
}

function createDeadLetters(call: Call) {
  const list = (
    query: DeadLettersListQuery = {},
    options: CallOptions = {},
  ): Promise<Result<Success<200, DeadLetterList>>> =>
    call({ method: "GET", path: "/api/v1/dead-letters", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/dead-letters`: List dead letters. Needs the scope `read`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: DeadLettersListQuery = {}, options: CallOptions = {}): AsyncGenerator<DeadLetterList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: DeadLettersListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<DeadLetterList["data"][number], void, void> =>
      itemsOf((at) => list({ ...query, ...at }, options)),

    /** `GET /api/v1/dead-letters/{id}`: Get a dead letter. Needs the scope `read`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, DeadLetter>>> =>
      call({ method: "GET", path: "/api/v1/dead-letters/{id}", params: { id }, reads: { 200: "json" } }, options),

    /** `DELETE /api/v1/dead-letters/{id}`: Delete a dead letter. Needs the scope `write`. */
    delete: (id: string, options: CallOptions = {}): Promise<Result<Success<204, null>>> =>
      call({ method: "DELETE", path: "/api/v1/dead-letters/{id}", params: { id }, reads: { 204: "nothing" } }, options),

    /**
     * `POST /api/v1/dead-letters/{id}/replay`: Send a message to its queue again. Processing a message several times
     * has the same effect as processing it once. Needs the scope `write`.
     */
    replay: (id: string, options: KeyedCallOptions = {}): Promise<Result<Success<200, DeadLetter>>> =>
      call(
        { method: "POST", path: "/api/v1/dead-letters/{id}/replay", params: { id }, reads: { 200: "json" } },
        options,
      ),
  };
}

function createTokens(call: Call) {
  const list = (query: TokensListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, TokenList>>> =>
    call({ method: "GET", path: "/api/v1/tokens", query, reads: { 200: "json" } }, options);
  return {
    /** `GET /api/v1/tokens`: List tokens. Needs the scope `admin`. */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: TokensListQuery = {}, options: CallOptions = {}): AsyncGenerator<TokenList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: TokensListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<TokenList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),

    /** `POST /api/v1/tokens`: Create a token. Needs the scope `admin`. */
    create: (body: TokenCreation, options: KeyedCallOptions = {}): Promise<Result<Success<201, RevealedToken>>> =>
      call({ method: "POST", path: "/api/v1/tokens", json: body, reads: { 201: "json" } }, options),

    /** `GET /api/v1/tokens/{id}`: Get a token. Needs the scope `admin`. */
    get: (id: string, options: CallOptions = {}): Promise<Result<Success<200, Token>>> =>
      call({ method: "GET", path: "/api/v1/tokens/{id}", params: { id }, reads: { 200: "json" } }, options),

    /** `PATCH /api/v1/tokens/{id}`: Update a token. Needs the scope `admin`. */
    update: (id: string, body: TokenChange, options: CallOptions = {}): Promise<Result<Success<200, Token>>> =>
      call(
        { method: "PATCH", path: "/api/v1/tokens/{id}", params: { id }, json: body, reads: { 200: "json" } },
        options,
      ),

    /** `DELETE /api/v1/tokens/{id}`: Revoke a token. Needs the scope `admin`. */
    delete: (id: string, options: CallOptions = {}): Promise<Result<Success<204, null>>> =>
      call({ method: "DELETE", path: "/api/v1/tokens/{id}", params: { id }, reads: { 204: "nothing" } }, options),
  };
}

function createSessions(call: Call) {
  return {
    /**
     * `POST /api/v1/sessions`: Begin a session. The answer sets the cookie `hookgate_session`. `Idempotency-Key` has
     * no effect.
     */
    create: (body: SessionCreation, options: CallOptions = {}): Promise<Result<Success<201, Session>>> =>
      call({ method: "POST", path: "/api/v1/sessions", json: body, reads: { 201: "json" } }, options),

    /**
     * `GET /api/v1/sessions/current`: Get the caller of this request. A request with a token gets the holder of the
     * token. Needs the scope `read`.
     */
    getCurrent: (options: CallOptions = {}): Promise<Result<Success<200, Session>>> =>
      call({ method: "GET", path: "/api/v1/sessions/current", reads: { 200: "json" } }, options),

    /** `DELETE /api/v1/sessions/current`: End the session of this request. Needs the scope `read`. */
    deleteCurrent: (options: CallOptions = {}): Promise<Result<Success<204, null>>> =>
      call({ method: "DELETE", path: "/api/v1/sessions/current", reads: { 204: "nothing" } }, options),
  };
}

function createRuleSets(call: Call) {
  return {
    /**
     * `GET /api/v1/rule-sets`: List the ready-made rule sets. With `q`, those whose name, title, category or
     * capabilities have all words of the text, in any case and spelling of the spaces; the best first. Needs the scope
     * `read`.
     */
    list: (query: RuleSetsListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, RuleSetList>>> =>
      call({ method: "GET", path: "/api/v1/rule-sets", query, reads: { 200: "json" } }, options),

    /**
     * `POST /api/v1/rule-sets/detect`: Find the rule set for a webhook. Send a webhook in the form in which its sender
     * sends it, or name an integration whose latest requests are compared instead, in the query or as the only member
     * of the body. It returns at most three rule sets, the likeliest first; none if no tool is known that sends this.
     * Nothing is stored. Needs the scope `write`.
     */
    detect: (
      body?: RawBody,
      query: RuleSetsDetectQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, RuleSetDetection>>> =>
      call({ method: "POST", path: "/api/v1/rule-sets/detect", query, raw: body, reads: { 200: "json" } }, options),
  };
}

function createPresets(call: Call) {
  return {
    /** `GET /api/v1/presets`: List the presets of destinations. Needs the scope `read`. */
    list: (options: CallOptions = {}): Promise<Result<Success<200, PresetList>>> =>
      call({ method: "GET", path: "/api/v1/presets", reads: { 200: "json" } }, options),
  };
}

function createReconciliation(call: Call) {
  return {
    /** `GET /api/v1/reconciliation`: Compare what was accepted with what became of it. Needs the scope `read`. */
    get: (options: CallOptions = {}): Promise<Result<Success<200, Reconciliation>>> =>
      call({ method: "GET", path: "/api/v1/reconciliation", reads: { 200: "json" } }, options),
  };
}

function createMetrics(call: Call) {
  return {
    /**
     * `GET /api/v1/metrics`: Get a measure over time. `failed` counts deliveries that died, in the minute in which
     * they did; attempts count in the minute in which they were made. Times without counts have the value 0. Needs the
     * scope `read`.
     */
    get: (query: MetricsGetQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, Metrics>>> =>
      call({ method: "GET", path: "/api/v1/metrics", query, reads: { 200: "json" } }, options),
  };
}

function createKeys(call: Call) {
  return {
    /**
     * `GET /api/v1/keys`: Get the keys and the progress of a rotation of MASTER_KEY. `MASTER_KEY_PREVIOUS` may be
     * removed when `remaining` is 0. Needs the scope `read`.
     */
    get: (options: CallOptions = {}): Promise<Result<Success<200, Keys>>> =>
      call({ method: "GET", path: "/api/v1/keys", reads: { 200: "json" } }, options),

    /**
     * `POST /api/v1/keys/signing/rotate`: Replace the key that signs in the gateway's name. For destinations with
     * `standard-webhooks-ed25519` or `rfc9421` with Ed25519. Until the overlap ends, both keys sign and both are in
     * `/.well-known/jwks.json`, which receivers may keep for an hour. An overlap of 0 is for a key that has leaked.
     * Needs the scope `admin`.
     */
    rotateSigning: (
      body?: SigningKeyRotation,
      options: KeyedCallOptions = {},
    ): Promise<Result<Success<200, SigningKey>>> =>
      call({ method: "POST", path: "/api/v1/keys/signing/rotate", json: body, reads: { 200: "json" } }, options),
  };
}

function createAudit(call: Call) {
  const list = (query: AuditListQuery = {}, options: CallOptions = {}): Promise<Result<Success<200, AuditList>>> =>
    call({ method: "GET", path: "/api/v1/audit", query, reads: { 200: "json" } }, options);
  return {
    /**
     * `GET /api/v1/audit`: List changes and who made them. Entries are kept as long as the log. A page reads a bounded
     * number of rows: with a filter that few rows match, a page may be short or empty and still have a `next_cursor`.
     * Needs the scope `admin`.
     */
    list,

    /** The pages of `list`, one after the other. Throws a `ClientError` if a page cannot be read. */
    pages: (query: AuditListQuery = {}, options: CallOptions = {}): AsyncGenerator<AuditList, void, void> =>
      pagesOf((at) => list({ ...query, ...at }, options)),

    /** The rows of all pages. Throws a `ClientError` if a page cannot be read. */
    all: (
      query: AuditListQuery = {},
      options: CallOptions = {},
    ): AsyncGenerator<AuditList["data"][number], void, void> => itemsOf((at) => list({ ...query, ...at }, options)),
  };
}

function createConfig(call: Call) {
  return {
    /**
     * `GET /api/v1/config`: Get the configuration as one document. It contains no secret, and no field that has its
     * default. `ETag` is the revision of the configuration, for `If-Match` of a later `PUT`. Needs the scope `read`.
     */
    get: (options: CallOptions = {}): Promise<Result<Success<200, ConfigDocument>>> =>
      call({ method: "GET", path: "/api/v1/config", reads: { 200: "json" } }, options),

    /**
     * `PUT /api/v1/config`: Apply a document to the configuration. In one transaction. Each entry describes its thing
     * completely, apart from secrets: a secret whose value does not come along in `secrets` keeps what is stored, else
     * it is generated. With `If-Match`, the `ETag` of a plan or a document, it applies to that revision only. Needs
     * the scope `write`.
     */
    apply: (
      body: ConfigRequest,
      query: ConfigApplyQuery = {},
      options: CallOptions = {},
    ): Promise<Result<Success<200, ConfigPlan>>> =>
      call({ method: "PUT", path: "/api/v1/config", query, json: body, reads: { 200: "json" } }, options),

    /**
     * `GET /api/v1/config.schema.json`: Get the JSON Schema of the configuration document. For editors: it describes
     * what a file may have, as this version accepts it. Needs the scope `read`.
     */
    schema: (options: CallOptions = {}): Promise<Result<Success<200, JsonSchema>>> =>
      call({ method: "GET", path: "/api/v1/config.schema.json", reads: { 200: "json" } }, options),
  };
}

function createOpenapi(call: Call) {
  return {
    /** `GET /api/v1/openapi.json`: Get this document. Needs the scope `read`. */
    get: (options: CallOptions = {}): Promise<Result<Success<200, OpenApi>>> =>
      call({ method: "GET", path: "/api/v1/openapi.json", reads: { 200: "json" } }, options),
  };
}

function createGateway(call: Call) {
  return {
    /** `GET /health`: Check that the gateway responds. */
    getHealth: (options: CallOptions = {}): Promise<Result<Success<200, Health>>> =>
      call({ method: "GET", path: "/health", reads: { 200: "json" } }, options),

    /** `GET /ready`: Check that the gateway is set up and that its maintenance runs. */
    getReadiness: (options: CallOptions = {}): Promise<Result<Success<200, Ready>>> =>
      call({ method: "GET", path: "/ready", reads: { 200: "json" } }, options),

    /** `GET /metrics`: Get the counters and gauges for Prometheus. Needs the scope `read`. */
    getPrometheusMetrics: (options: CallOptions = {}): Promise<Result<Success<200, string>>> =>
      call({ method: "GET", path: "/metrics", reads: { 200: "text" } }, options),

    /**
     * `POST /mcp`: Send a message of the Model Context Protocol. Streamable HTTP without sessions. Most agents have a
     * client for it. Errors of the protocol are messages of it, also those with the status 400. Needs the scope
     * `read`.
     */
    sendMcpMessage: (
      body: McpMessage,
      options: CallOptions = {},
    ): Promise<Result<Success<200, McpMessage> | Success<202, null>>> =>
      call({ method: "POST", path: "/mcp", json: body, reads: { 200: "json", 202: "nothing" } }, options),

    /** `GET /llms.txt`: Get the description of the gateway for language models. */
    getLlmsTxt: (options: CallOptions = {}): Promise<Result<Success<200, string>>> =>
      call({ method: "GET", path: "/llms.txt", reads: { 200: "text" } }, options),

    /** `GET /.well-known/jwks.json`: Get the public keys that sign deliveries. */
    getKeys: (options: CallOptions = {}): Promise<Result<Success<200, KeySet>>> =>
      call({ method: "GET", path: "/.well-known/jwks.json", reads: { 200: "json" } }, options),

    /** `GET /.well-known/hookgate-log`: Get the signed ends of the log's chains of segments. */
    getLog: (options: CallOptions = {}): Promise<Result<Success<200, PublishedLog>>> =>
      call({ method: "GET", path: "/.well-known/hookgate-log", reads: { 200: "json" } }, options),
  };
}

/** All operations, grouped by resource. */
export function createOperations(call: Call) {
  return {
    integrations: createIntegrations(call),
    destinations: createDestinations(call),
    routes: createRoutes(call),
    routePreviews: createRoutePreviews(call),
    transformations: createTransformations(call),
    transformationPreviews: createTransformationPreviews(call),
    events: createEvents(call),
    alerts: createAlerts(call),
    deliveries: createDeliveries(call),
    replays: createReplays(call),
    search: createSearch(call),
    segments: createSegments(call),
    deadLetters: createDeadLetters(call),
    tokens: createTokens(call),
    sessions: createSessions(call),
    ruleSets: createRuleSets(call),
    presets: createPresets(call),
    reconciliation: createReconciliation(call),
    metrics: createMetrics(call),
    keys: createKeys(call),
    audit: createAudit(call),
    config: createConfig(call),
    openapi: createOpenapi(call),
    gateway: createGateway(call),
  };
}

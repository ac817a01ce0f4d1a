import type { ProblemCode } from "./problem-codes.ts";

type ProblemText = {
  /** The sentence for all problems of the code. */
  readonly title: string;
  /** What to do. docs/errors.md has the same sentences. */
  readonly advice: string;
};

export const PROBLEM_TEXTS = {
  authorization_failed: {
    title: "The destination was not authorized.",
    advice: "Start the authorization again from the destination.",
  },
  incomplete_body: { title: "The body is incomplete.", advice: "Send the request again." },
  invalid_body: { title: "The body was not accepted.", advice: "Correct the fields that errors names." },
  invalid_header: { title: "A header was not accepted.", advice: "Correct the header that errors names." },
  invalid_host: { title: "The Host header is not a valid host.", advice: "Send the name of the gateway's host." },
  invalid_query: { title: "The query was not accepted.", advice: "Correct the parameters that errors names." },
  invalid_request: { title: "The request was not accepted.", advice: "Correct the fields that errors names." },
  own_delivery: {
    title: "This gateway itself sent this request.",
    advice: "Point the destination to another host: each event would cause another one without end.",
  },
  bad_credentials: {
    title: "The credentials were not accepted.",
    advice: "Send the credentials that the integration's auth demands.",
  },
  bad_signature: {
    title: "The signature was not accepted.",
    advice: "Sign the bytes of the body as the integration's scheme demands, with its secret and the present time.",
  },
  unauthenticated: {
    title: "The request has no valid token or session.",
    advice: "Send the header Authorization: Bearer, followed by the token, or begin a session.",
  },
  address_not_allowed: {
    title: "This integration does not accept webhooks from your IP address.",
    advice: "Send from an address in the integration's allowed_ips.",
  },
  bad_token: {
    title: "The token was not accepted.",
    advice: "Send the token in the header that the integration names.",
  },
  missing_scope: {
    title: "The token lacks the scope for this request.",
    advice: "Use a token with the scope.",
  },
  origin_not_allowed: {
    title: "A page of another origin made this request.",
    advice: "Send the gateway's own Origin, or use a token instead of a session.",
  },
  not_found: { title: "Nothing has this id.", advice: "List the resource to see the ids that exist." },
  unknown_integration: {
    title: "No integration has this address.",
    advice: "Copy the url of the integration. It changes when it is rotated.",
  },
  unknown_path: { title: "There is nothing at this address.", advice: "GET /api/v1/openapi.json lists the addresses." },
  method_not_allowed: {
    title: "This address does not accept this method.",
    advice: "Use a method that the header Allow names.",
  },
  config_conflict: {
    title: "The configuration has changed since the document was compared with it.",
    advice: "Compare the document again with dry_run, and send it again.",
  },
  config_too_large: {
    title: "The configuration is too large for one document.",
    advice: "Use the endpoints of each resource.",
  },
  conflict: {
    title: "Another change came in between.",
    advice: "Read the item again, and repeat the change if it still applies.",
  },
  content_gone: {
    title: "The content of this event was erased or is gone.",
    advice: "Have the sender send it again.",
  },
  destination_disabled: {
    title: "The destination is disabled or was deleted.",
    advice: "Enable the destination, or replay the event to another one.",
  },
  destination_in_use: {
    title: "Routes name this destination.",
    advice: "Remove it from the routes, or add ?force=true.",
  },
  external_id_taken: {
    title: "Another one has this external_id.",
    advice: "Choose another external_id, or address the one that has it.",
  },
  idempotency_in_progress: {
    title: "The first request with this Idempotency-Key is still running.",
    advice: "Retry-After has the seconds to wait.",
  },
  idempotency_lost: {
    title: "The response under this Idempotency-Key can no longer be read.",
    advice: "Check whether the change was made, and use another key if it was not.",
  },
  key_already_known: {
    title: "This integration has learned another key already.",
    advice: "Use an integration for each webhook, or set auth.secret to null to learn a new key.",
  },
  no_credential: { title: "There is no credential to rotate.", advice: "Set a credential first." },
  no_destination: {
    title: "No enabled destination is owed this event.",
    advice: "Name destination_ids, or enable a destination of a route that takes the event.",
  },
  not_a_listener: {
    title: "Nothing can listen to this destination.",
    advice: "Create a destination of the type cli, on a gateway with the binding LISTENERS.",
  },
  not_deliverable: {
    title: "This event has no deliverable outcome.",
    advice: "Its note has the reason.",
  },
  segment_damaged: {
    title: "The segment of the log that has this event cannot be read.",
    advice: "Restore the object of R2 that the detail names from a backup.",
  },
  too_many_credentials: {
    title: "Too many replaced credentials are still valid.",
    advice: "Wait until one of them ends, or rotate with a shorter overlap.",
  },
  too_many_deliveries: {
    title: "This event has the most deliveries that it can have.",
    advice: "Retry its deliveries instead of making new ones.",
  },
  transformation_in_use: {
    title: "Integrations or destinations name this transformation.",
    advice: "Set their transformation_id to null, or add ?force=true.",
  },
  unknown_queue: {
    title: "The queue of this message is unknown.",
    advice: "Delete the message, or bind the queue again.",
  },
  url_not_allowed: {
    title: "A stored URL is no longer allowed.",
    advice: "Change the URL to one that the gateway may call.",
  },
  wrong_auth_type: {
    title: "The auth of this destination has another type.",
    advice: "Change auth to the type that the request needs.",
  },
  disabled_integration: { title: "This integration is disabled.", advice: "Enable the integration, or stop sending." },
  body_too_large: { title: "The body is too large.", advice: "Send a smaller body." },
  query_too_long: { title: "The query is too long.", advice: "Send the data in the body of a POST." },
  encoded_body: { title: "The body is encoded.", advice: "Send the body without a Content-Encoding." },
  idempotency_mismatch: {
    title: "This Idempotency-Key was used for another request.",
    advice: "Use a new key for each request.",
  },
  upgrade_required: {
    title: "This address opens a WebSocket only.",
    advice: "Open a WebSocket at this address.",
  },
  rate_limited: {
    title: "The rate limit of this integration is reached.",
    advice: "Retry-After has the seconds to wait.",
  },
  too_many_guesses: {
    title: "Too many wrong tokens came from this address.",
    advice: "Retry-After has the seconds to wait.",
  },
  too_many_runs: {
    title: "Too many transformations run at once.",
    advice: "Retry-After has the seconds to wait.",
  },
  internal_error: {
    title: "The gateway failed to process this request.",
    advice: "Repeat the request. If it fails again, the log of the Worker has the error.",
  },
  access_unavailable: {
    title: "The keys of Cloudflare Access cannot be read.",
    advice: "Retry-After has the seconds to wait. A token works meanwhile.",
  },
  configuration_unavailable: {
    title: "The integration could not be read.",
    advice: "Retry-After has the seconds to wait.",
  },
  confirmation_failed: {
    title: "The subscription could not be confirmed.",
    advice: "Retry-After has the seconds to wait.",
  },
  keys_unavailable: {
    title: "The gateway cannot use its keys.",
    advice: "GET /ready names the cause and the command that mends it.",
  },
  not_durable: {
    title: "The event could not be stored.",
    advice: "Retry-After has the seconds to wait.",
  },
  not_ready: {
    title: "The gateway is not ready.",
    advice: "Run the commands that errors names.",
  },
  not_set_up: {
    title: "The gateway is not set up completely.",
    advice: "Run the commands that errors or GET /ready names.",
  },
  queue_unavailable: {
    title: "The queue did not take the message.",
    advice: "Retry-After has the seconds to wait.",
  },
  shard_not_bound: {
    title: "The database of these events is not connected.",
    advice: "An administrator must bind the shard's database again.",
  },
  transformations_unavailable: {
    title: "The runtime of transformations did not respond.",
    advice: "Retry-After has the seconds to wait.",
  },
} as const satisfies Record<ProblemCode, ProblemText>;

import { isOwnDelivery } from "../net/gateway-header.ts";
import { codingsOf } from "../net/content-codings.ts";
import { readBody } from "../net/read-body.ts";
import { type Context, withShard } from "../context.ts";
import type { Integration } from "../model/integration.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { rememberingUtf8 } from "../model/utf8.ts";
import { sourceOf } from "../sources/registry.ts";
import { decodeText } from "../sources/reading/charset.ts";
import { findShard } from "../platform/shards.ts";
import { logLine } from "../platform/log.ts";
import { accept } from "./accept.ts";
import { authenticate } from "./auth/authenticate.ts";
import type { AuthRequest } from "./auth/credentials.ts";
import type { IngestError } from "./errors.ts";
import { interpret } from "./interpret.ts";
import { storedHeaders, storedQuery } from "./redact.ts";

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_QUERY_CHARACTERS = 16_384;

/** The result of a request that was not refused. */
export type Received =
  /** Every event is durable. If there is nothing to store, there is still an id to respond with. */
  | { readonly kind: "accepted"; readonly integration: Integration; readonly ids: readonly [string, ...string[]] }
  /** The request was part of a handshake, which has a response of its own. */
  | { readonly kind: "responded"; readonly response: Response };

/** Returns the enabled integration that has an address. */
async function findEnabled(context: Context, address: string): Promise<Result<Integration, IngestError>> {
  const found = await context.caches.integrations.find(address);
  switch (found.kind) {
    case "unknown":
      return fail({ reason: "unknown_integration" });
    case "unavailable":
      return fail({ reason: "configuration_unavailable" });
    case "found":
      return found.integration.enabled ? ok(found.integration) : fail({ reason: "disabled_integration" });
  }
}

/** Returns the query of a URL without the question mark. Cut from the text, because few requests need the URL parsed. */
function queryOf(url: string): string {
  const start = url.indexOf("?");
  const end = url.indexOf("#");
  return start < 0 ? "" : url.slice(start + 1, end < 0 ? undefined : end);
}

/** Replaces the URL of a request whose Host header is no host. */
const NO_URL = new URL("http://invalid.invalid/");

type Body = Result<Uint8Array, IngestError>;

async function readSent(request: Request): Promise<Body> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body.ok) return body;
  switch (body.error) {
    case "too_large":
      return fail({ reason: "body_too_large", limit: MAX_BODY_BYTES });
    case "incomplete":
      return fail({ reason: "incomplete_body" });
  }
}

async function decode(sent: Body, codings: readonly string[]): Promise<Body> {
  if (!sent.ok) return sent;
  // Loaded only here, because few senders compress.
  const { decodeBody } = await import("../net/decode-body.ts");
  const body = await decodeBody(sent.value, codings, MAX_BODY_BYTES);
  if (body.ok) return body;
  switch (body.error) {
    case "too_large":
      return fail({ reason: "body_too_large", limit: MAX_BODY_BYTES });
    case "invalid":
      return fail({ reason: "undecodable_body" });
    case "unsupported":
      return fail({ reason: "encoded_body" });
  }
}

/** Returns functions that read and decode the body once, however often they are called. */
function bodyReaders(request: Request): Pick<AuthRequest, "body" | "sent"> {
  const codings = codingsOf(request.headers.get("content-encoding"));
  const sent = once(() => readSent(request));
  if (codings.length === 0) return { body: sent, sent: null };
  return { body: once(async () => decode(await sent(), codings)), sent };
}

function once(read: () => Promise<Body>): () => Promise<Body> {
  let reading: Promise<Body> | null = null;
  return () => (reading ??= read());
}

/** Makes a request's events durable, or returns why the request is refused. */
export async function receive(
  context: Context,
  address: string,
  incoming: Request,
): Promise<Result<Received, IngestError>> {
  const startedAt = context.clock();
  const found = await findEnabled(context, address);
  if (!found.ok) return found;
  const integration = found.value;
  if (await isOwnDelivery(incoming.headers, () => context.keys.gatewayId())) return fail({ reason: "own_delivery" });
  // Some senders check an address by HEAD, such as Trello.
  if (incoming.method === "HEAD") return ok({ kind: "responded", response: new Response(null) });
  const { methods } = sourceOf(integration.type);
  // A handshake may come by GET to every type.
  const isPossible = incoming.method === "GET" || methods.some((method) => method === incoming.method);
  if (!isPossible) return fail({ reason: "wrong_method", methods });
  const query = queryOf(incoming.url);
  if (query.length > MAX_QUERY_CHARACTERS) return fail({ reason: "query_too_long", limit: MAX_QUERY_CHARACTERS });
  const { body, sent } = bodyReaders(incoming);
  const decode = rememberingUtf8();
  const { method, headers } = incoming;
  const head = {
    method,
    headers,
    query,
    body,
    sent,
    decode,
    get url() {
      return URL.parse(incoming.url) ?? NO_URL;
    },
  };
  const authenticated = await authenticate(integration, head, context, startedAt);
  switch (authenticated.kind) {
    case "refused":
      return fail(authenticated.error);
    case "responded":
      return ok(authenticated);
    case "accepted":
      break;
  }
  const read = await body();
  if (!read.ok) return read;

  const stored = storedHeaders(headers, integration.auth, query);
  const decoded = decodeText(read.value, headers.get("content-type") ?? "", decode);
  const request = {
    method,
    query: storedQuery(query, integration.auth),
    headers: stored,
    body: read.value,
    ...decoded,
  };
  const marks = { headers, identity: authenticated.identity };
  const interpreted = await interpret(integration, request, marks, context.mint, context.caches.pacing);
  if (!interpreted.ok) return fail({ reason: "invalid_fields", errors: interpreted.error });
  const { id, messages } = interpreted.value;
  const shard = findShard(context.shards, integration.shard);
  if (shard === null) {
    const reason = "shard_not_bound";
    logLine("error", "request.refused", { integration_id: integration.id, reason, shard: integration.shard });
    return fail({ reason, shard: integration.shard });
  }
  if (!(await accept(withShard(context, shard), messages))) return fail({ reason: "not_durable" });
  return ok({ kind: "accepted", integration, ids: [id, ...messages.slice(1).map((message) => message.id)] });
}

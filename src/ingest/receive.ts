import { isOwnDelivery } from "../net/gateway-header.ts";
import { readBody } from "../net/read-body.ts";
import { type Context, withShard } from "../context.ts";
import type { Integration } from "../model/integration.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { sourceOf } from "../sources/registry.ts";
import { findShard } from "../platform/shards.ts";
import { logLine } from "../platform/log.ts";
import { accept } from "./accept.ts";
import { authenticate } from "./auth/authenticate.ts";
import type { IngestError } from "./errors.ts";
import { interpret } from "./interpret.ts";
import { keptHeaders } from "./redact.ts";
import { decodeUtf8 } from "./stored-request.ts";

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_QUERY_CHARACTERS = 16_384;

/** What became of a request that was not refused. */
export type Received =
  /** Every event of it is durable. Where there is nothing to keep there is still an id to answer with. */
  | { readonly kind: "accepted"; readonly integration: Integration; readonly ids: readonly [string, ...string[]] }
  /** It was part of a handshake, which has an answer of its own. */
  | { readonly kind: "answered"; readonly response: Response };

/** Finds the integration that an address belongs to, where it takes webhooks now. */
async function lookUp(context: Context, address: string): Promise<Result<Integration, IngestError>> {
  const looked = await context.caches.integrations.find(address);
  switch (looked.kind) {
    case "unknown":
      return fail({ reason: "unknown_integration" });
    case "unavailable":
      return fail({ reason: "configuration_unavailable" });
    case "found":
      return looked.integration.enabled ? ok(looked.integration) : fail({ reason: "disabled_integration" });
  }
}

function isPlain(contentEncoding: string | null): boolean {
  return (contentEncoding ?? "").split(",").every((coding) => ["", "identity"].includes(coding.trim().toLowerCase()));
}

/** The query of an address, without the question mark; cut out, for few need the address taken apart. */
function queryOf(address: string): string {
  const start = address.indexOf("?");
  const end = address.indexOf("#");
  return start < 0 ? "" : address.slice(start + 1, end < 0 ? undefined : end);
}

/** Stands in for the address of a request whose Host header is none. */
const NO_URL = new URL("http://invalid.invalid/");

/** Reads the body once, however often it is asked for. */
function bodyReader(request: Request): () => Promise<Result<Uint8Array, IngestError>> {
  let reading: Promise<Result<Uint8Array, IngestError>> | null = null;
  async function read(): Promise<Result<Uint8Array, IngestError>> {
    if (!isPlain(request.headers.get("content-encoding"))) return fail({ reason: "encoded_body" });
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body.ok) return body;
    switch (body.error) {
      case "too_large":
        return fail({ reason: "body_too_large", limit: MAX_BODY_BYTES });
      case "incomplete":
        return fail({ reason: "incomplete_body" });
    }
  }
  return () => (reading ??= read());
}

/** Takes a request in, or says why not. */
export async function receive(
  context: Context,
  address: string,
  incoming: Request,
): Promise<Result<Received, IngestError>> {
  const found = await lookUp(context, address);
  if (!found.ok) return found;
  const integration = found.value;
  if (await isOwnDelivery(incoming.headers, () => context.keys.gatewayId())) return fail({ reason: "own_delivery" });
  const { methods } = sourceOf(integration.type);
  if (!methods.some((method) => method === incoming.method)) return fail({ reason: "wrong_method", methods });
  const query = queryOf(incoming.url);
  if (query.length > MAX_QUERY_CHARACTERS) return fail({ reason: "query_too_long", limit: MAX_QUERY_CHARACTERS });
  const body = bodyReader(incoming);
  const { method, headers } = incoming;
  const head = {
    method,
    headers,
    body,
    get url() {
      return URL.parse(incoming.url) ?? NO_URL;
    },
  };
  const authenticated = await authenticate(integration, head, context, Date.now());
  switch (authenticated.kind) {
    case "refused":
      return fail(authenticated.error);
    case "answered":
      return ok(authenticated);
    case "accepted":
      break;
  }
  const read = await body();
  if (!read.ok) return read;

  const kept = keptHeaders(headers, integration.auth);
  const request = { method, query, headers: kept, body: read.value, text: decodeUtf8(read.value) };
  const interpreted = await interpret(integration, request, headers, context.mint);
  if (!interpreted.ok) return fail({ reason: "invalid_fields", errors: interpreted.error });
  const { id, messages } = interpreted.value;
  const shard = findShard(context.shards, integration.shard);
  if (shard === null) {
    logLine("error", "shard not bound", { integration_id: integration.id, shard: integration.shard });
    return fail({ reason: "shard_not_bound", shard: integration.shard });
  }
  if (!(await accept(withShard(context, shard), messages))) return fail({ reason: "not_durable" });
  return ok({ kind: "accepted", integration, ids: [id, ...messages.slice(1).map((message) => message.id)] });
}

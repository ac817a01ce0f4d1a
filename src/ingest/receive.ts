import type { Env } from "../env.ts";
import { readBody } from "../http/read-body.ts";
import type { Isolate } from "../isolate.ts";
import type { EventMessage } from "../model/event.ts";
import type { IdMinter, Minted } from "../model/ids.ts";
import type { Integration } from "../model/integration.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { SOURCES } from "../sources/registry.ts";
import type { SourceEvent, SourceRequest } from "../sources/source.ts";
import { accept } from "./accept.ts";
import { authenticate } from "./authenticate.ts";
import type { IngestError } from "./errors.ts";
import { keptHeaders } from "./redact.ts";
import { repeatKeyOf } from "./repeat-key.ts";
import { decodeUtf8, storedRequestOf } from "./stored-request.ts";

const MOST_BODY_BYTES = 10 * 1024 * 1024;
const MOST_QUERY_CHARACTERS = 16_384;

type Refused = { readonly ok: false; readonly error: IngestError };

/** A request that got through the door, and when and as what it came in. */
type Arrival = {
  readonly integration: Integration;
  readonly request: SourceRequest;
  readonly mintedAt: (index: number) => Minted;
};

function refuse(error: IngestError): Refused {
  return fail(error);
}

async function lookUp(isolate: Isolate, id: string): Promise<Result<Integration, IngestError>> {
  const looked = await isolate.integrations.find(id);
  switch (looked.kind) {
    case "unknown":
      return refuse({ reason: "unknown_integration" });
    case "unavailable":
      return refuse({ reason: "configuration_unavailable" });
    case "found":
      return looked.integration.enabled ? ok(looked.integration) : refuse({ reason: "disabled_integration" });
  }
}

function isPlain(contentEncoding: string | null): boolean {
  return (contentEncoding ?? "").split(",").every((coding) => ["", "identity"].includes(coding.trim().toLowerCase()));
}

async function readRequest(request: Request, integration: Integration): Promise<Result<SourceRequest, IngestError>> {
  const query = new URL(request.url).search.slice(1);
  if (query.length > MOST_QUERY_CHARACTERS) return refuse({ reason: "query_too_long", limit: MOST_QUERY_CHARACTERS });
  if (!isPlain(request.headers.get("content-encoding"))) return refuse({ reason: "encoded_body" });
  const body = await readBody(request, MOST_BODY_BYTES);
  if (!body.ok) {
    return refuse(
      body.error === "too_large" ? { reason: "body_too_large", limit: MOST_BODY_BYTES } : { reason: "incomplete_body" },
    );
  }
  const headers = keptHeaders(request.headers, integration.auth);
  return ok({
    method: request.method,
    query,
    headers,
    body: body.value,
    text: decodeUtf8(body.value),
  });
}

function mintInOrder(mint: IdMinter): (index: number) => Minted {
  const minted: Minted[] = [];
  return (index) => {
    for (;;) {
      const known = minted[index];
      if (known !== undefined) return known;
      minted.push(mint("evt"));
    }
  };
}

function messageOf(arrival: Arrival, event: SourceEvent, index: number, repeat_key: string | null): EventMessage {
  const { integration, request, mintedAt } = arrival;
  const { id, at_ms } = mintedAt(index);
  const { signal, payload, payload_is_body } = event;
  const kept = { request: storedRequestOf(request), signal };
  return {
    v: 1,
    id,
    integration_id: integration.id,
    received_at: new Date(at_ms).toISOString(),
    repeat_key,
    content: payload_is_body ? kept : { ...kept, payload },
  };
}

/** Takes a request in: gives the id of its (first) event once it is durable, or why it was not accepted. */
export async function receive(
  env: Env,
  isolate: Isolate,
  id: string,
  incoming: Request,
): Promise<Result<string, IngestError>> {
  const found = await lookUp(isolate, id);
  if (!found.ok) return found;
  const integration = found.value;
  if (!(await authenticate(integration.auth, incoming.headers, isolate.keys))) return refuse({ reason: "bad_token" });
  const read = await readRequest(incoming, integration);
  if (!read.ok) return read;

  const arrival: Arrival = {
    integration,
    request: read.value,
    mintedAt: mintInOrder(isolate.mint),
  };
  const eventIdAt = (index: number): string => arrival.mintedAt(index).id;
  const context = { integration_id: integration.id, options: integration.options, eventIdAt };
  const events = SOURCES[integration.type].normalize(read.value, context);
  if (!events.ok) return refuse({ reason: "invalid_fields", errors: events.error });

  for (const [index, event] of events.value.entries()) {
    const repeatKey = await repeatKeyOf(incoming.headers, event.provider_event_id);
    const ownKey = repeatKey === null || index === 0 ? repeatKey : `${repeatKey}#${index}`;
    const message = messageOf(arrival, event, index, ownKey);
    if (!(await accept(env, isolate, message))) return refuse({ reason: "not_durable" });
  }
  return ok(eventIdAt(0));
}

import type { EventContent, EventMessage } from "../model/event.ts";
import type { IdMinter, Minted } from "../model/ids.ts";
import type { Integration } from "../model/integration.ts";
import { type FieldError, type Result, ok } from "../model/result.ts";
import type { SourceEvent, SourceRequest } from "../sources/source.ts";
import { interpreterOf } from "./interpreter.ts";
import { repeatKeyOf } from "./idempotency-key.ts";
import { storedRequestOf } from "./stored-request.ts";

/** Above this, events of one request keep their own part of its body instead of the whole of it each. */
const MAX_SHARED_CHARACTERS = 1_000_000;

/** What a request comes to: its events as messages, and the id to answer with, there even where nothing is to be kept. */
export type Interpreted = { readonly id: string; readonly messages: readonly EventMessage[] };

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

/** Reads a request as its integration understands it. `headers` are those that arrived, `request` has the kept ones. */
export async function interpret(
  integration: Integration,
  request: SourceRequest,
  headers: Headers,
  mint: IdMinter,
): Promise<Result<Interpreted, readonly FieldError[]>> {
  const mintedAt = mintInOrder(mint);
  const eventIdAt = (index: number): string => mintedAt(index).id;
  const events = interpreterOf(integration)(request, { integration, eventIdAt });
  if (!events.ok) return events;
  const stored = storedRequestOf(request);
  const isSplit = events.value.length > 1 && stored.body.length * events.value.length > MAX_SHARED_CHARACTERS;

  function contentOf({ signal, kind, payload, payload_is_body }: SourceEvent): EventContent {
    if (isSplit) {
      return { kind, request: { ...stored, body: JSON.stringify(payload), body_encoding: "utf8" }, signal };
    }
    return payload_is_body ? { kind, request: stored, signal } : { kind, request: stored, signal, payload };
  }

  async function messageOf(event: SourceEvent, index: number): Promise<EventMessage> {
    const { id, at_ms } = mintedAt(index);
    const repeatKey = await repeatKeyOf(headers, event.provider_event_id);
    return {
      v: 1,
      id,
      integration_id: integration.id,
      received_at: new Date(at_ms).toISOString(),
      // Each event of one request is known by its place in it.
      repeat_key: repeatKey === null || index === 0 ? repeatKey : `${repeatKey}#${index}`,
      content: contentOf(event),
    };
  }

  return ok({ id: eventIdAt(0), messages: await Promise.all(events.value.map(messageOf)) });
}

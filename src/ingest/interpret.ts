import type { EventContent, EventMessage, StoredRequest } from "../model/event.ts";
import type { IdMinter, Minted } from "../model/ids.ts";
import type { Integration } from "../model/integration.ts";
import { type FieldError, type Result, ok } from "../model/result.ts";
import type { SignedIdentity } from "../signing/inbound.ts";
import { sourceOf } from "../sources/registry.ts";
import type { Interpretation, Interpreter, SourceContext, SourceEvent, SourceRequest } from "../sources/source.ts";
import { type Pacing, UNPACED } from "./pacing.ts";

/** The headers by which a sender marks repeats of one event, in order of precedence. */
export const IDEMPOTENCY_HEADERS = ["idempotency-key", "webhook-id", "svix-id"] as const;
/** Longer keys are hashed. */
const MAX_KEY = 256;

/** Above this, each event of a request stores its own part of the body instead of the whole. */
const MAX_SHARED_CHARACTERS = 1_000_000;

/** A request as events. `id` is the id to respond with, also if there are no events to store. */
export type Interpreted = { readonly id: string; readonly messages: readonly EventMessage[] };

// The cache replaces an integration's object when it changes, so the object can be the key.
const interpreters = new WeakMap<Integration, Interpreter>();

async function interpreterOf(integration: Integration): Promise<Interpreter> {
  const known = interpreters.get(integration);
  if (known !== undefined) return known;
  const interpreter = await sourceOf(integration.type).prepare(integration.options);
  interpreters.set(integration, interpreter);
  return interpreter;
}

/** Returns the request as it is stored: its body can be restored byte for byte. */
function storedRequestOf({ method, query, headers, body, text, is_utf8 }: SourceRequest): StoredRequest {
  return text === null || !is_utf8
    ? { method, query, headers, body: body.toBase64(), body_encoding: "base64" }
    : { method, query, headers, body: text, body_encoding: "utf8" };
}

async function hashIfLong(key: string): Promise<string> {
  if (key.length <= MAX_KEY) return key;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

/** What marks the repeats of a request: its headers as they arrived, and what the sender signed. */
export type RepeatMarks = { readonly headers: Headers; readonly identity: SignedIdentity | null };

type Identified = Pick<SourceEvent, "provider_event_id" | "has_own_id">;

/** Returns a key of a request as that of one of its events: they share the keys of the request, so the index tells them apart. */
function keyAt(key: string, index: number): string {
  return index === 0 ? key : `${key}#${index}`;
}

/** Returns the key by which a sender marks repeats without a signature, or null if it does not. */
async function unsignedKeyOf(headers: Headers, event: Identified, index: number): Promise<string | null> {
  for (const name of IDEMPOTENCY_HEADERS) {
    const value = headers.get(name)?.trim() ?? "";
    if (value !== "") return keyAt(`${name}:${await hashIfLong(value)}`, index);
  }
  if (event.provider_event_id === null) return null;
  const key = `event:${await hashIfLong(event.provider_event_id)}`;
  return event.has_own_id === true ? key : keyAt(key, index);
}

/**
 * Returns the keys that an event shares with its repeats. A signed id is the only key: an unsigned header beside it could
 * make one signed request two. The digest of a signed message is a key beside the unsigned one, which can make two requests
 * one, as a retry that is signed anew.
 */
async function idempotencyKeysOf(marks: RepeatMarks, event: Identified, index: number): Promise<readonly string[]> {
  const { headers, identity } = marks;
  // Svix's and Standard Webhooks' headers have different names and the same signature, so the key has one name.
  if (identity?.kind === "id") return [keyAt(`webhook-id:${await hashIfLong(identity.id)}`, index)];
  const unsigned = await unsignedKeyOf(headers, event, index);
  const signed = identity === null ? null : keyAt(`signed:${identity.digest}`, index);
  return [unsigned, signed].filter((key) => key !== null);
}

/** Returns the id of each event by its index. An id is minted when it is first asked for, in order of the index. */
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

/** Interprets a request, in turns with others if that is costly. */
async function interpretPaced(
  interpreter: Interpreter,
  request: SourceRequest,
  context: SourceContext,
  pacing: Pacing,
): Promise<Interpretation> {
  if (interpreter.inSteps === undefined) return interpreter(request, context);
  const { id } = context.integration;
  await pacing.begin(id);
  const steps = interpreter.inSteps(request, context);
  for (let paused = 0; ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (await pacing.pause(id, step.value - paused)) paused = step.value;
  }
}

/** Turns a request into events as its integration's type says. The headers of `request` are the stored ones. */
export async function interpret(
  integration: Integration,
  request: SourceRequest,
  marks: RepeatMarks,
  mint: IdMinter,
  pacing: Pacing = UNPACED,
): Promise<Result<Interpreted, readonly FieldError[]>> {
  const mintedAt = mintInOrder(mint);
  const eventIdAt = (index: number): string => mintedAt(index).id;
  const interpreter = await interpreterOf(integration);
  const events = await interpretPaced(interpreter, request, { integration, eventIdAt }, pacing);
  if (!events.ok) return events;
  const stored = storedRequestOf(request);
  const isSplit = events.value.length > 1 && stored.body.length * events.value.length > MAX_SHARED_CHARACTERS;

  function contentOf({ signal, kind, test, payload, payload_is_body }: SourceEvent): EventContent {
    const facts = { kind, ...(test === true ? { test } : {}) };
    if (isSplit) {
      return { ...facts, request: { ...stored, body: JSON.stringify(payload), body_encoding: "utf8" }, signal };
    }
    return payload_is_body && request.is_utf8
      ? { ...facts, request: stored, signal }
      : { ...facts, request: stored, signal, payload };
  }

  async function messageOf(event: SourceEvent, index: number): Promise<EventMessage> {
    const { id, at_ms } = mintedAt(index);
    const [repeat_key = null, signed_key] = await idempotencyKeysOf(marks, event, index);
    return {
      v: 1,
      id,
      integration_id: integration.id,
      received_at: new Date(at_ms).toISOString(),
      repeat_key,
      ...(signed_key === undefined ? {} : { signed_key }),
      content: contentOf(event),
    };
  }

  return ok({ id: eventIdAt(0), messages: await Promise.all(events.value.map(messageOf)) });
}

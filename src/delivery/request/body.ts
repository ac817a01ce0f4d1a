import type { Body } from "./rendered-body.ts";
import type { Destination, Payload } from "../../model/destination.ts";
import { type KeyRing, unsealStored } from "../../crypto/key-ring.ts";
import { KeysUnavailableError } from "../../crypto/keys-unavailable.ts";
import type { Allowance } from "../../model/allowance.ts";
import { type BudgetSource, UNSHARED } from "../../model/budget.ts";
import type { StoredRequest } from "../../model/event.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Deliverable, envelopeOf } from "../../model/envelope.ts";
import { writeJson } from "../presets/preset.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { findPreset } from "../presets/registry.ts";
import { notificationContentOf } from "../presets/notification-content.ts";
import { rendersTemplate, templateBody } from "./template-body.ts";

const encoder = new TextEncoder();

function bytesOf({ body, body_encoding }: StoredRequest): Uint8Array {
  switch (body_encoding) {
    case "utf8":
      return encoder.encode(body);
    case "base64":
      return Uint8Array.fromBase64(body);
  }
}

type PresetPayload = Extract<Payload, { readonly mode: "preset" }>;
type Secrets = Readonly<Record<string, string>>;

async function presetBody(
  { preset: name, options }: PresetPayload,
  secrets: Secrets,
  url: string,
  event: Deliverable,
): Promise<Result<Body, string>> {
  const preset = findPreset(name);
  if (preset === null) return fail(`This version of the gateway has no preset ${name}.`);
  const content = await notificationContentOf(event);
  if (!content.ok) return content;
  const request = preset.render(content.value, { ...options, ...secrets }, url);
  if ("skipped" in request) return ok({ bytes: new Uint8Array(), content_type: "text/plain", ...request });
  const { body, ...rendered } = request;
  return ok({ bytes: encoder.encode(writeJson(body)), ...rendered, secrets: Object.values(secrets) });
}

/** Renders the body of an event by a payload, for a destination at `url`. `secrets` are the payload's opened options. */
export async function renderBody(
  payload: Payload,
  secrets: Secrets,
  url: string,
  event: Deliverable,
  work: BudgetSource = UNSHARED,
): Promise<Result<Body, string>> {
  switch (payload.mode) {
    case "envelope":
      return ok({ bytes: encoder.encode(envelopeOf(event)), content_type: "application/json" });
    case "original": {
      const { request } = event.content;
      return ok({
        bytes: bytesOf(request),
        content_type: request.headers["content-type"] ?? "application/octet-stream",
      });
    }
    case "template":
      return templateBody(payload, event, work);
    case "preset":
      return await presetBody(payload, secrets, url, event);
  }
}

/** Why there is no body: a sentence for the log, or a fault of the installation that may pass. */
export type BodyError = string | KeysUnavailableError;

/**
 * Returns the body of an event by the destination's `payload`, or why there is none. What it costs counts in `work`. Never
 * rejects: an event without a body must not keep the others of its batch from being recorded.
 */
export async function bodyOf(
  keys: KeyRing,
  destination: Pick<Destination, "id" | "url" | "payload">,
  event: Deliverable,
  work: BudgetSource = UNSHARED,
): Promise<Result<Body, BodyError>> {
  try {
    return await makeBody(keys, destination, event, work);
  } catch (error) {
    if (error instanceof KeysUnavailableError) return fail(error);
    logLine("error", "body.render_failed", { event_id: event.id, error: describeError(error) });
    return fail("The gateway could not render a body for this event. The fault is ours.");
  }
}

/**
 * Returns the body of an event, or null if the allowance does not suffice to render it. A body without a template always
 * fits.
 */
export async function bodyWithin(
  allowance: Allowance,
  keys: KeyRing,
  destination: Pick<Destination, "id" | "url" | "payload" | "type">,
  event: Deliverable,
): Promise<Result<Body, BodyError> | null> {
  const make = (): Promise<Result<Body, BodyError>> => bodyOf(keys, destination, event, allowance);
  return rendersTemplate(destination) ? await allowance.runInTurn(make) : await make();
}

async function makeBody(
  keys: KeyRing,
  { id, url, payload }: Pick<Destination, "id" | "url" | "payload">,
  event: Deliverable,
  work: BudgetSource,
): Promise<Result<Body, string>> {
  const secrets: Record<string, string> = {};
  if (payload.mode === "preset") {
    for (const [name, sealed] of Object.entries(payload.sealed_options)) {
      const opened = await unsealStored(keys, sealed, id);
      if (!opened.ok) return fail(`The payload's option ${name} cannot be opened (${opened.error}). Enter it again.`);
      secrets[name] = opened.value;
    }
  }
  return await renderBody(payload, secrets, url, event, work);
}

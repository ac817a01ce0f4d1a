import type { Body } from "./rendered-body.ts";
import { type Captured, NOTHING_CAPTURED } from "../../model/captured.ts";
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
import { lackOf, missingValues } from "./needed-values.ts";
import { changesOf } from "./own-request.ts";
import { hasRequests } from "./remembers.ts";
import { type BodyContext, passTransformation } from "./transformed.ts";
import { rendersTemplate, templateBody } from "./template-body.ts";

/** The content type of a body whose request names none. */
const JSON_TYPE = "application/json";

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
  captured: Captured,
): Promise<Result<Body, string>> {
  const preset = findPreset(name);
  if (preset === null) return fail(`This version of the gateway has no preset ${name}.`);
  const content = await notificationContentOf(event);
  if (!content.ok) return content;
  const request = preset.render(content.value, { ...options, ...secrets }, url, captured);
  if ("skipped" in request) return ok({ bytes: new Uint8Array(), content_type: "text/plain", ...request });
  const { body, ...rendered } = request;
  return ok({ bytes: encoder.encode(writeJson(body)), ...rendered, secrets: Object.values(secrets) });
}

/**
 * Renders the body of an event by a payload, for a destination at `url`. `secrets` are the payload's opened options, and `captured` is
 * what a destination that remembers captured for the alert, else null.
 */
export async function renderBody(
  payload: Payload,
  secrets: Secrets,
  url: string,
  event: Deliverable,
  work: BudgetSource = UNSHARED,
  captured: Captured | null = null,
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
      return templateBody(payload, event, work, captured);
    case "preset":
      return await presetBody(payload, secrets, url, event, captured ?? NOTHING_CAPTURED);
  }
}

type Rendered = Pick<Destination, "url" | "payload" | "requests">;

/** Renders the request of a destination for an event: that of the event's type, or else the usual one. */
export async function renderRequest(
  { url, payload, requests }: Rendered,
  secrets: Secrets,
  event: Deliverable,
  captured: Captured,
  work: BudgetSource = UNSHARED,
): Promise<Result<Body, string>> {
  const own = requests[event.type];
  const usual = payload.mode === "template" ? payload.body : undefined;
  const hasOwn = hasRequests({ requests });
  const missing = hasOwn ? missingValues([own?.url, own?.body ?? usual], captured) : [];
  if (missing.length > 0) return ok({ bytes: new Uint8Array(), content_type: "text/plain", lacks: lackOf(missing) });
  const body =
    own?.body === undefined
      ? await renderBody(payload, secrets, url, event, work, hasOwn || payload.mode === "preset" ? captured : null)
      : templateBody(
          { mode: "template", content_type: own.content_type ?? JSON_TYPE, body: own.body },
          event,
          work,
          captured,
        );
  if (!body.ok || own === undefined) return body;
  const changes = changesOf(own, event, captured, work);
  if (!changes.ok) return changes;
  return ok({ ...body.value, ...changes.value, headers: { ...own.headers, ...body.value.headers } });
}

/** Why there is no body: a sentence for the log, or a fault of the installation that may pass. */
export type BodyError = string | KeysUnavailableError;

type BodySource = Pick<Destination, "id" | "url" | "payload" | "transformation_id"> &
  Partial<Pick<Destination, "requests">>;

/**
 * Returns the body of an event for a destination, or why there is none. `captured` is what it captured for the event's alert. What
 * it costs counts in `work`. Never rejects: an event without a body must not keep the others of its batch from being recorded.
 */
export async function bodyOf(
  context: BodyContext,
  destination: BodySource,
  event: Deliverable,
  work: BudgetSource = UNSHARED,
  captured: Captured = NOTHING_CAPTURED,
): Promise<Result<Body, BodyError>> {
  try {
    const secrets = await openedOptions(context.keys, destination);
    if (!secrets.ok) return secrets;
    const passed = await passTransformation(context, destination, event, work);
    if (!passed.ok) return passed;
    if ("skipped" in passed.value) return ok(passed.value);
    return await renderRequest({ requests: {}, ...destination }, secrets.value, passed.value, captured, work);
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
  context: BodyContext,
  destination: BodySource & Pick<Destination, "type">,
  event: Deliverable,
  captured: Captured = NOTHING_CAPTURED,
): Promise<Result<Body, BodyError> | null> {
  const make = (): Promise<Result<Body, BodyError>> => bodyOf(context, destination, event, allowance, captured);
  if (destination.transformation_id !== null && allowance.isUsedUp) return null;
  return rendersTemplate(destination) ? await allowance.runInTurn(make) : await make();
}

async function openedOptions(keys: KeyRing, { id, payload }: BodySource): Promise<Result<Secrets, string>> {
  const secrets: Record<string, string> = {};
  if (payload.mode !== "preset") return ok(secrets);
  for (const [name, sealed] of Object.entries(payload.sealed_options)) {
    const opened = await unsealStored(keys, sealed, id);
    if (!opened.ok) return fail(`The payload's option ${name} cannot be opened (${opened.error}). Enter it again.`);
    secrets[name] = opened.value;
  }
  return ok(secrets);
}

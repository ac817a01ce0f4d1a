import * as z from "zod";
import { URGENCIES } from "../model/alert.ts";
import { SHARED_NAMESPACE, type Signal } from "../model/event.ts";
import type { PagertreeOptions } from "../model/integration.ts";
import type { Json } from "../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../model/result.ts";
import { SAFE_BYTES, boundAlertFields } from "./bounds.ts";
import { type Field, type Fields, readFields } from "./fields.ts";
import { readAlertFields } from "./pagertree-alert.ts";
import type { Source, SourceContext, SourceRequest } from "./source.ts";

const EVENT_TYPES = ["create", "acknowledge", "resolve"] as const;
const LONGEST_KEY = 1_000;
const LONGEST_QUOTE = 100;

type Context = SourceContext<PagertreeOptions>;
type Identity = { readonly namespace: string; readonly key: string };

const options = z.strictObject({
  capture_additional_data: z.boolean().default(false),
  default_urgency: z.enum(URGENCIES).nullable().default(null),
});

/** A key as the alerts table can hold it, or null where it is blank. */
function keyOf(text: string, path: string): Result<string | null, FieldError> {
  if (text.trim() === "") return ok(null);
  if (text.length > LONGEST_KEY) return fail({ path, message: `has to be at most ${LONGEST_KEY} characters long` });
  return ok(text.toWellFormed().replaceAll("\u0000", "\ufffd"));
}

function readId(field: Field | undefined): Result<string | null, FieldError> {
  if (field === undefined || field.value === null) return ok(null);
  const text = typeof field.value === "number" ? field.digits() : field.value;
  if (typeof text !== "string") return fail({ path: field.name, message: "has to be a text or a number" });
  return keyOf(text, field.name);
}

function readDedupKeys(field: Field | undefined): Result<string | null, readonly FieldError[]> {
  if (field === undefined || field.value === null) return ok(null);
  const value = field.digits();
  const isList = Array.isArray(value);
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const keys: string[] = [];
  const errors: FieldError[] = [];
  for (const [index, item] of items.entries()) {
    const path = isList ? `${field.name}[${index}]` : field.name;
    if (item === null) continue;
    const key = typeof item === "string" ? keyOf(item, path) : fail({ path, message: "has to be a text or a number" });
    if (!key.ok) errors.push(key.error);
    else if (key.value !== null) keys.push(key.value);
  }
  return errors.length > 0 ? fail(errors) : ok(keys[0] ?? null);
}

/** Which alert the request is about; null where it does not say. `dedup_keys` are shared by all integrations. */
function readIdentity(fields: Fields, integrationId: string): Result<Identity | null, readonly FieldError[]> {
  const id = readId(fields.find("Id"));
  const shared = readDedupKeys(fields.find("dedup_keys"));
  if (!id.ok || !shared.ok) return fail([...(id.ok ? [] : [id.error]), ...(shared.ok ? [] : shared.error)]);
  if (shared.value !== null) return ok({ namespace: SHARED_NAMESPACE, key: shared.value });
  return ok(id.value === null ? null : { namespace: integrationId, key: id.value });
}

function ignore(note: string): Result<Signal, readonly FieldError[]> {
  return ok({ action: "ignore", note });
}

function readCreate(fields: Fields, context: Context, isSmall: boolean): Result<Signal, readonly FieldError[]> {
  const alert = readAlertFields(fields, context.options);
  const identity = readIdentity(fields, context.integration_id);
  if (!alert.ok || !identity.ok) {
    return fail([...(alert.ok ? [] : alert.error), ...(identity.ok ? [] : identity.error)]);
  }
  // Without an Id every create is an alert of its own, and still the same one when this runs twice.
  const { namespace, key } = identity.value ?? {
    namespace: context.integration_id,
    key: context.eventIdAt(0),
  };
  const bounded = isSmall ? { fields: alert.value, cut: [] } : boundAlertFields(alert.value);
  const note = bounded.cut.length === 0 ? null : `Too large for an alert, and cut: ${bounded.cut.join(", ")}.`;
  return ok({ action: "create", namespace, key, fields: bounded.fields, note });
}

function readSignal(fields: Fields, context: Context, isSmall: boolean): Result<Signal, readonly FieldError[]> {
  const eventType = fields.find("event_type")?.value ?? null;
  if (eventType === null) return ignore("There is no event_type.");
  if (typeof eventType !== "string") return ignore("event_type is not a text.");
  const wanted = eventType.trim().toLowerCase();
  const action = EVENT_TYPES.find((type) => type === wanted);
  switch (action) {
    case undefined:
      return ignore(`event_type "${wanted.slice(0, LONGEST_QUOTE).toWellFormed()}" is not known.`);
    case "create":
      return readCreate(fields, context, isSmall);
    case "acknowledge":
    case "resolve": {
      const identity = readIdentity(fields, context.integration_id);
      if (!identity.ok) return identity;
      if (identity.value !== null) return ok({ action, ...identity.value, note: null });
      const path = fields.find("Id")?.name ?? "Id";
      return fail([{ path, message: `has to name the alert to ${action}` }]);
    }
  }
}

function normalize(request: SourceRequest, context: Context): ReturnType<Source<PagertreeOptions>["normalize"]> {
  const fields = readFields(request);
  if (!fields.ok) return fields;
  const isSmall = request.body.byteLength + request.query.length < SAFE_BYTES;
  const signal = readSignal(fields.value, context, isSmall);
  if (!signal.ok) return signal;
  const { payload, payload_is_body } = fields.value;
  return ok([{ signal: signal.value, payload, payload_is_body, provider_event_id: null }]);
}

/** PagerTree's incoming webhook: https://pagertree.com/docs/integration-guides/webhook */
export const pagertree: Source<PagertreeOptions> = { options, normalize };

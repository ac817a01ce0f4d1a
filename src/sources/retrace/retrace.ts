import * as z from "zod/mini";
import type { Signal } from "../../model/event.ts";
import type { TemplateOptions } from "../../model/integration.ts";
import { type Json, type JsonObject, memberOf } from "../../model/json.ts";
import { ok } from "../../model/result.ts";
import { commonOptions, finishAlert, prepareText } from "../reading/alert-text.ts";
import { readForm } from "../catch/form.ts";
import { urlencodedOf } from "../reading/urlencoded.ts";
import { type JsonBody, type Section, idOf, joinKey, readJsonBody, sectionOf } from "../reading/json-body.ts";
import { FIELDS_SHOWN, alertFieldsOf, errorFieldsOf } from "./alert.ts";
import { type Interpreter, type SourceEvent, type SourceRequest, defineSource } from "../source.ts";
import { textOf } from "../reading/wording.ts";

type Kind = "alert" | "error";
type EventType = { readonly number: 1 | 2 | 3 | 4 | 5 | 6; readonly kind: Kind; readonly action: Acting };
type Acting = "create" | "update" | "remind" | "resolve";

// A reminder, an escalation and a regression update an open alert, or open one if none is open.
const EVENT_TYPES: readonly EventType[] = [
  { number: 1, kind: "alert", action: "create" },
  { number: 2, kind: "alert", action: "resolve" },
  { number: 3, kind: "alert", action: "remind" },
  { number: 4, kind: "alert", action: "update" },
  { number: 5, kind: "error", action: "create" },
  { number: 6, kind: "error", action: "update" },
];

const IDS = {
  alert: ["AlertGroupId", "MonitorId", "DeviceId"],
  error: ["ErrorGroupId", "AppEnvId"],
} as const satisfies Record<Kind, readonly string[]>;

const USED_FIELDS = new Set(
  ["eventtype", ...Object.values(IDS).flat(), ...FIELDS_SHOWN].map((name) => name.toLowerCase()),
);

/** The fields that are used, by their names in lower case. A body may have any number of others. */
function knownFields(fields: JsonObject): JsonObject {
  const known: [string, Json][] = [];
  for (const name in fields) {
    const lower = name.toLowerCase();
    if (USED_FIELDS.has(lower)) known.push([lower, fields[name] ?? null]);
  }
  return Object.fromEntries(known);
}

function readEventType(value: Json | undefined): EventType | undefined {
  const given = typeof value === "string" ? value.trim() : value;
  return EVENT_TYPES.find(({ number }) => given === number || given === String(number));
}

/** Returns the subject of the event. The error says which field is missing or wrong. */
function readKey(section: Section, kind: Kind): { readonly key: string } | { readonly why: string } {
  const parts: string[] = [];
  for (const name of IDS[kind]) {
    const id = idOf(section, name.toLowerCase());
    if (!id.ok) return { why: `${name} ${id.error}.` };
    parts.push(id.value ?? "");
  }
  if (parts.every((part) => part === "")) return { why: `It has none of ${IDS[kind].join(", ")}.` };
  return { key: joinKey([kind, ...parts]) };
}

/** Reads a body that is declared as a form and is one. Command-line tools declare every body as a form. */
function formIn(request: SourceRequest): JsonObject | null {
  const { headers, text } = request;
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers["content-type"]?.trim() ?? "")) return null;
  if (text === null || !/^[^{["<\s=][^\s=]*=/.test(text.trim())) return null;
  const form = readForm(urlencodedOf(request));
  return form.ok ? form.value : null;
}

type Kept = Pick<JsonBody, "payload" | "payload_is_body">;

/** A body that is neither an alert nor an error comes from Retrace's Test button, whose body is not documented. */
function received({ payload, payload_is_body }: Kept, note: string): SourceEvent {
  const signal: Signal = { action: "receive", note };
  return {
    signal,
    kind: "test",
    test: true,
    payload,
    payload_is_body,
    provider_event_id: null,
  };
}

function ignored({ payload, payload_is_body }: Kept, kind: Kind, note: string): SourceEvent {
  const signal: Signal = { action: "ignore", note };
  return { signal, kind, payload, payload_is_body, provider_event_id: null };
}

function prepare(options: TemplateOptions): Interpreter {
  const write = prepareText(options);
  return (request, { integration }) => {
    const read = readJsonBody(request);
    if (!read.ok) {
      const form = formIn(request);
      return form === null ? read : ok([received({ payload: form, payload_is_body: false }, "The body is a form.")]);
    }
    const body = read.value;
    if (body === null) return ok([]);
    const sent = sectionOf(body.value, body.digits);
    if (sent === null) return ok([received(body, "The body is no map of fields.")]);
    const fields = knownFields(sent.fields);
    const type = readEventType(memberOf(fields, "eventtype"));
    if (type === undefined) return ok([received(body, "There is no EventType from 1 to 6.")]);
    const { kind } = type;
    const identity = readKey({ fields, digits: () => knownFields(sent.digits()) }, kind);
    if ("why" in identity) return ok([ignored(body, kind, `The subject of this event is unclear. ${identity.why}`)]);

    const isClosed = kind === "alert" && textOf(memberOf(fields, "statename")).toLowerCase() === "closed";
    const action = isClosed ? "resolve" : type.action;
    const { key } = identity;
    const about = { namespace: integration.id, key };
    const { payload, payload_is_body } = body;
    const event = { kind, payload, payload_is_body, provider_event_id: null };
    if (action === "resolve") return ok([{ ...event, signal: { action, ...about, note: null } }]);
    const alert = kind === "alert" ? alertFieldsOf(fields, type.number === 4) : errorFieldsOf(fields);
    const finished = finishAlert(alert, write(integration, body.exact), request);
    return ok([{ ...event, signal: { action, ...about, ...finished } }]);
  };
}

/** Retrace's webhooks. Alerts and errors use the same address: https://docs.stackify.com/docs/integrations-webhook */
export const retrace = defineSource({
  methods: ["POST", "PUT"],
  options: () => z.strictObject(commonOptions()),
  prepare,
});

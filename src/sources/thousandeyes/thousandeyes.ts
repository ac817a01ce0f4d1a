import * as z from "zod/mini";
import type { TemplateOptions } from "../../model/integration.ts";
import { memberOf } from "../../model/json.ts";
import type { FieldError, Result } from "../../model/result.ts";
import { fail, ok } from "../../model/result.ts";
import { commonOptions, finishAlert, prepareText } from "../reading/alert-text.ts";
import { type Section, idOf, readJsonMap, sectionOf } from "../reading/json-body.ts";
import { type Interpreter, defineSource } from "../source.ts";
import { alertFieldsOf } from "./alert.ts";
import { textOf } from "../reading/wording.ts";

const MAX_QUOTE = 100;

const EVENT_TYPES = {
  ALERT_NOTIFICATION_TRIGGER: { of: "alert", action: "create" },
  ALERT_NOTIFICATION_CLEAR: { of: "alert", action: "resolve" },
  AGENT_ALERT_NOTIFICATION_TRIGGER: { of: "agentAlert", action: "create" },
  AGENT_ALERT_NOTIFICATION_CLEAR: { of: "agentAlert", action: "resolve" },
} as const;
type EventType = keyof typeof EVENT_TYPES;
const NAMES = Object.keys(EVENT_TYPES);

type Part = "alert" | "agentAlert";
type Parts = Readonly<Record<Part, Section | null>>;

const ID_OF = { alert: "alertId", agentAlert: "agentNotificationId" } as const satisfies Record<Part, string>;

function isEventType(name: string): name is EventType {
  return NAMES.includes(name);
}

/** In older accounts both kinds of ids start at 1, so that keys of agents get a prefix. */
function keyOf(part: Part, id: string): string {
  return part === "alert" ? id : `agent/${id}`;
}

/**
 * Returns the key of a notification's subject. Since 2025 a notification about an agent is an alert that contains both parts.
 * The alert's id counts, because ThousandEyes correlates by it. If the own part has no id, that of the other part counts.
 */
function readKey(parts: Parts, own: Part): Result<string, readonly FieldError[]> {
  const other = own === "alert" ? "agentAlert" : "alert";
  for (const part of [own, other] as const) {
    const section = parts[part];
    if (section === null) continue;
    const id = idOf(section, ID_OF[part]);
    if (!id.ok) return fail([{ path: `${part}.${ID_OF[part]}`, message: id.error }]);
    if (id.value !== null) return ok(keyOf(part, id.value));
  }
  return fail([{ path: `${own}.${ID_OF[own]}`, message: "is required: it says which alert this is about" }]);
}

function partsOf(section: Section): Parts {
  const part = (name: Part): Section | null =>
    sectionOf(memberOf(section.fields, name), () => memberOf(section.digits(), name));
  return { alert: part("alert"), agentAlert: part("agentAlert") };
}

/**
 * Returns the id of a notification, which is sent up to thirteen times. The id contains the type, in case a trigger and
 * its clear share an id.
 */
function eventIdOf(section: Section, eventType: string): string | null {
  const id = idOf(section, "eventId");
  return id.ok && id.value !== null ? `${eventType} ${id.value}` : null;
}

function resolveNote(parts: Parts): string | null {
  const active = memberOf(parts.alert?.fields ?? {}, "active") ?? memberOf(parts.agentAlert?.fields ?? {}, "active");
  return textOf(active) === "2" ? "Cleared because its rule was changed, or removed from the test." : null;
}

function prepare(options: TemplateOptions): Interpreter {
  const write = prepareText(options);
  return (request, { integration }) => {
    const read = readJsonMap(request);
    if (!read.ok) return read;
    const { body, section } = read.value;
    const written = textOf(memberOf(section.fields, "eventType"));
    const eventType = written.toUpperCase();
    const kept = {
      payload: body.payload,
      payload_is_body: body.payload_is_body,
      provider_event_id: eventIdOf(section, eventType),
    };
    if (eventType === "WEBHOOK_TEST") {
      return ok([{ ...kept, kind: "test", test: true, signal: { action: "receive", note: "A test of the webhook." } }]);
    }
    if (!isEventType(eventType)) {
      const note =
        written === ""
          ? "There is no eventType."
          : `eventType "${written.slice(0, MAX_QUOTE).toWellFormed()}" is not known.`;
      return ok([{ ...kept, kind: "unknown", signal: { action: "ignore", note } }]);
    }
    const { of: own, action } = EVENT_TYPES[eventType];
    const parts = partsOf(section);
    const key = readKey(parts, own);
    if (!key.ok) return key;
    const kind = own === "agentAlert" || parts.agentAlert !== null ? "agent_alert" : "alert";
    const about = { namespace: integration.id, key: key.value };
    if (action === "resolve") return ok([{ ...kept, kind, signal: { action, ...about, note: resolveNote(parts) } }]);
    const alert = alertFieldsOf(parts.alert?.fields ?? {}, parts.agentAlert?.fields ?? {});
    const finished = finishAlert(alert, write(integration, body.exact), request);
    return ok([{ ...kept, kind, signal: { action, ...about, ...finished } }]);
  };
}

/**
 * ThousandEyes' classic webhooks:
 * https://docs.thousandeyes.com/product-documentation/alerts/integration-guides/webhooks
 */
export const thousandeyes = defineSource({
  methods: ["POST", "PUT"],
  options: () => z.strictObject(commonOptions()),
  prepare,
});

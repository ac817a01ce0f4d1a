import * as z from "zod/mini";
import {
  ALERT_STATUSES,
  type AlertSnapshot,
  DATUM_FORMATS,
  INCIDENT_SEVERITIES,
  URGENCIES,
} from "../../model/alert.ts";
import { SHARED_NAMESPACE } from "../../model/event.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { incidentOf, isGatewayType } from "./notification-system.ts";
import { type Json, memberOf } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";

const MAX_DEDUP_KEY = 255;
const CONTROL = /\p{Cc}/u;
const anyJson = lazy(() => z.custom<Json>(() => true));

const snapshot = lazy(() =>
  z.object({
    id: z.string(),
    key: z.string(),
    status: z.enum(ALERT_STATUSES),
    title: z.string(),
    description: z.string(),
    urgency: z.nullable(z.enum(URGENCIES)),
    tags: z.array(z.string()),
    meta: z.record(z.string(), anyJson()),
    incident: z.nullable(z.object({ severity: z.enum(INCIDENT_SEVERITIES), message: z.string() })),
    additional_data: z.array(z.object({ format: z.enum(DATUM_FORMATS), label: z.string(), value: anyJson() })),
    dedup_count: z.number(),
  }),
);

/** Parses the alert in the data of an envelope; null if there is none. */
export function alertOf(value: unknown): AlertSnapshot | null {
  return snapshot().safeParse(value).data ?? null;
}

async function shortened(key: string): Promise<string> {
  if (key.length <= MAX_DEDUP_KEY && key.isWellFormed() && !CONTROL.test(key)) return key;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(key)));
  return `hookgate:${new Uint8Array(digest).toHex()}`;
}

/**
 * Returns the key of the incident that an event belongs to. It contains the alert's key and not its id, because the id
 * changes if an earlier event arrives late, and the namespace, because two integrations may use the same keys.
 */
export async function dedupKeyOf(
  event: Deliverable,
  alert: AlertSnapshot | null,
  data: unknown,
  payload: unknown,
): Promise<string> {
  const { signal } = event.content;
  if (alert !== null) {
    const namespace = "namespace" in signal ? signal.namespace : event.integration_id;
    return await shortened(`${namespace === SHARED_NAMESPACE ? "shared" : namespace}:${alert.key}`);
  }
  const group = memberOf(data, "group");
  if (event.type === "event.group" && typeof group === "string") {
    return await shortened(`${event.integration_id}:group:${group}`);
  }
  const incident = isGatewayType(event.type) ? incidentOf(event.type, payload) : null;
  return incident === null ? event.id : await shortened(incident);
}

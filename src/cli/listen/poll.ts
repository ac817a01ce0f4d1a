import { createHmac, randomBytes } from "node:crypto";
import type { JsonObject } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { isPassing } from "../failure.ts";
import { messageOf } from "../report.ts";
import { field } from "../rows.ts";
import type { Session } from "../session.ts";
import { forward } from "./forward.ts";
import { type ListenOptions, showReply } from "./listen.ts";

// For gateways without the object that holds a command's connection. The command reads new events and sends them itself.

const POLL_MS = 2_000;
const MAX_WAIT_MS = 30_000;
const PAGE = 100;
const MAX_PAGES = 50;
/** Events appear out of order: each poll reads this far back. */
const OVERLAP_MS = 60_000;
const MAX_SEEN = 20_000;
const TIMEOUT_MS = 30_000;

/** The envelope that a destination receives. */
async function envelopeOf({ api }: Session, event: JsonObject): Promise<JsonObject> {
  const { id = "", integration_id = null, received_at = null, payload = null } = event;
  const alertId = field(event, "alert_id");
  const alert = alertId === "" ? null : await api.get("/alerts/{id}", { params: { id: alertId } });
  const data = { event: { id, integration_id, received_at, payload }, ...(alert === null ? {} : { alert }) };
  return { type: field(event, "type"), timestamp: received_at, data };
}

function signed(id: string, body: string, key: Buffer): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

async function send(session: Session, row: JsonObject, key: Buffer, options: ListenOptions): Promise<void> {
  const event_id = field(row, "id");
  const event = await session.api.get("/events/{id}", { params: { id: event_id } });
  const text = writeJson(await envelopeOf(session, event));
  const body = new Uint8Array(new TextEncoder().encode(text));
  const request = {
    type: "request",
    request_id: event_id,
    delivery_id: event_id,
    event_id,
    event_type: field(event, "type"),
    method: "POST",
    headers: signed(event_id, text, key),
    timeout_ms: TIMEOUT_MS,
    bytes: body.byteLength,
  } as const;
  showReply(session, { request, body }, await forward({ request, body }, options.target), options);
}

/** Reads the new events of an integration and sends each once, until the command is interrupted. */
export async function poll(
  session: Session,
  integration: string,
  types: readonly string[] | undefined,
  options: ListenOptions,
): Promise<void> {
  const { api, out, interrupt } = session;
  const key = randomBytes(32);
  const seen = new Set<string>();
  const startedAt = Date.now();
  let newestMs = startedAt;

  const read = async (): Promise<readonly JsonObject[]> => {
    const rows: JsonObject[] = [];
    let cursor: string | null = null;
    const from = new Date(Math.max(startedAt, newestMs - OVERLAP_MS)).toISOString();
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const position = cursor === null ? {} : { cursor };
      const page = await api.page("/events", { integration_id: integration, from, limit: PAGE, ...position });
      rows.push(...page.data);
      cursor = page.next_cursor;
      if (cursor === null) break;
    }
    return rows.filter((row) => !seen.has(field(row, "id"))).toReversed();
  };

  const sendNew = async (): Promise<void> => {
    for (const row of await read()) {
      if (interrupt.happened()) return;
      const type = field(row, "type");
      if (type !== "" && types?.includes(type) !== false) await send(session, row, key, options);
      seen.add(field(row, "id"));
      newestMs = Math.max(newestMs, Date.parse(field(row, "received_at")));
      for (const oldest of seen) {
        if (seen.size <= MAX_SEEN) break;
        seen.delete(oldest);
      }
    }
  };

  out.note(`Reading new events from ${api.url} every two seconds. Forwarding to ${options.target.href}.`);
  out.note(`Requests are signed with the secret whsec_${key.toString("base64")}`);
  let failures = 0;
  while (!interrupt.happened()) {
    try {
      await sendNew();
      if (failures > 0) out.note("Connected again.");
      failures = 0;
    } catch (error) {
      if (interrupt.happened()) return;
      if (!isPassing(error)) throw error;
      if (failures === 0) out.note(`Not connected: ${messageOf(error)} Trying again.`);
      failures++;
    }
    await interrupt.sleep(Math.min(MAX_WAIT_MS, POLL_MS * 2 ** Math.min(failures, 4)));
  }
}

import type { ShardDatabase } from "../platform/shards.ts";
import type { Context } from "../context.ts";
import type { AlertFields } from "../model/alert.ts";
import type { StoredHistory } from "../model/episode.ts";
import { type EventMessage, type MessageType, type Outcome, payloadOf } from "../model/event.ts";
import type { Json } from "../model/json.ts";
import { noteOf } from "../model/note.ts";
import type { Recipient } from "../routing/select.ts";
import { historyName, readHistories } from "../storage/pipeline/append.ts";
import { alertAfter } from "./alert-rows.ts";
import { decideEvents } from "./decide.ts";
import { findFields } from "./fields.ts";
import { typeOf } from "./pending-rows.ts";
import { routeEvent } from "./plan.ts";
import { historyOf } from "./resolve-aliases.ts";

/** The result that one event would have. */
export type PreviewedEvent = {
  readonly kind: string;
  readonly action: EventMessage["content"]["signal"]["action"];
  readonly key: string | null;
  readonly outcome: Outcome;
  readonly type: MessageType | null;
  /** The fields that a create or update would set. */
  readonly alert: AlertFields | null;
  readonly note: string | null;
  readonly payload: Json;
  readonly deliveries: readonly Recipient[];
  /** The groups in which it would be delivered. */
  readonly groups: readonly { readonly route_id: string; readonly group: string }[];
};

/** Returns the histories of the events' keys, with the events in them. */
async function historiesWith(db: ShardDatabase, messages: readonly EventMessage[]): Promise<StoredHistory[]> {
  const keys = new Map(messages.flatMap((message) => historyOf(message) ?? []).map((key) => [historyName(key), key]));
  if (keys.size === 0) return [];
  const stored = new Map((await readHistories(db, [...keys.values()])).map((each) => [historyName(each), each]));
  return [...keys].map(([name, key]) => {
    const history = stored.get(name) ?? { ...key, version: 0, log: {}, compacted: null };
    const log = { ...history.log };
    for (const { id, content } of messages) {
      const { signal } = content;
      if ("key" in signal && historyName(signal) === name) log[id] = signal.action;
    }
    return { ...history, log };
  });
}

/** Returns the outcomes and deliveries that events would have now. Stores and sends nothing. */
export async function previewEvents(context: Context, messages: readonly EventMessage[]): Promise<PreviewedEvent[]> {
  const [histories, { routes }] = await Promise.all([
    historiesWith(context.shard.db, messages),
    context.caches.config.load(),
  ]);
  const { fresh } = decideEvents(
    messages.map((message) => ({ message })),
    { owners: new Map(), histories, recorded: new Map(), whole: new Set() },
  );
  const decisions = fresh.map(({ decision }) => decision);
  const fields = await findFields(context, { messages, decisions, touched: [], expected_from: "" });
  const previewed = fresh.map(async ({ event: { message }, decision }): Promise<PreviewedEvent> => {
    const { content } = message;
    const { signal, kind } = content;
    const type = typeOf(decision, content);
    const found = alertAfter(decision, fields);
    const alert = found === "unknown" ? null : found;
    const { recipients, memberships } = await routeEvent(routes, { ...message, type, alert });
    return {
      kind,
      action: signal.action,
      key: "key" in signal ? signal.key : null,
      outcome: decision.outcome,
      type,
      alert: "fields" in signal ? signal.fields : null,
      note: noteOf({ outcome: decision.outcome, type, signal, is_routed: recipients.length + memberships.length > 0 }),
      payload: payloadOf(content),
      deliveries: recipients,
      groups: memberships.map(({ route_id, group_key }) => ({ route_id, group: group_key })),
    };
  });
  return await Promise.all(previewed);
}

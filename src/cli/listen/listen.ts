import type { JsonObject } from "../../client/index.ts";
import type { ListenReply, ListenRequest } from "../../model/listen.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";
import { field } from "../rows.ts";
import type { Session } from "../session.ts";
import { paint } from "../terminal/paint.ts";
import { oneLine } from "../terminal/text.ts";
import { connect } from "./connection.ts";
import { type Incoming, forward } from "./forward.ts";
import type { Surroundings } from "./surroundings.ts";

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** The replies that are remembered: a request whose reply was lost with its connection comes again. */
const MAX_REMEMBERED = 1_000;

export type ListenOptions = { readonly target: URL; readonly printsBodies: boolean };

/** What the keys of the command work on. */
export type ListenState = { lastEvent: string | null };

function bodyLines(body: Uint8Array): string[] {
  const text = new TextDecoder().decode(body);
  try {
    return writeJson(parseJson(text), 2).split("\n");
  } catch {
    return text.split("\n");
  }
}

/** Shows what became of a request at the local server. */
export function showReply(
  { out }: Pick<Session, "out">,
  { request, body }: Incoming,
  reply: ListenReply,
  { target, printsBodies }: ListenOptions,
): void {
  const { delivery_id, event_id, event_type } = request;
  const duration_ms = Math.round(reply.duration_ms);
  const status = reply.type === "response" ? reply.status : null;
  const error = reply.type === "failure" ? reply.error : null;
  if (out.isJson) {
    const printed: JsonObject = printsBodies ? { body: new TextDecoder().decode(body) } : {};
    out.json(
      { at: new Date().toISOString(), delivery_id, event_id, event_type, status, error, duration_ms, ...printed },
      0,
    );
    return;
  }
  const isGood = status !== null && status >= 200 && status < 300;
  const outcome = paint(isGood ? "good" : "bad", error ?? String(status));
  const time = new Date().toISOString().slice("2026-11-20T".length, -"000Z".length - 1);
  out.lines([
    `${time}  ${oneLine(event_type)}  ${request.method} ${oneLine(target.pathname)} ${outcome}  ${duration_ms} ms  ${event_id}`,
    ...(printsBodies ? bodyLines(body).map((line) => `  ${line}`) : []),
  ]);
}

/** Forwards each request once, and returns the remembered reply if it comes again. */
function createForwarder(session: Session, options: ListenOptions, state: ListenState) {
  const replies = new Map<string, Promise<ListenReply>>();
  const make = async (incoming: Incoming): Promise<ListenReply> => {
    const reply = await forward(incoming, options.target);
    showReply(session, incoming, reply, options);
    return reply;
  };
  return async (incoming: Incoming): Promise<ListenReply> => {
    const { request_id, event_id }: ListenRequest = incoming.request;
    const known = replies.get(request_id) ?? make(incoming);
    state.lastEvent = event_id;
    replies.set(request_id, known);
    for (const oldest of replies.keys()) {
      if (replies.size <= MAX_REMEMBERED) break;
      replies.delete(oldest);
    }
    return await known;
  };
}

/**
 * Receives the deliveries of a destination and forwards them until the command is interrupted. Connects again after a lost
 * network, and says so. Throws if that is of no use.
 */
export async function listen(
  session: Session,
  { destination, surroundings }: { readonly destination: JsonObject; readonly surroundings: Surroundings },
  options: ListenOptions,
  state: ListenState,
): Promise<void> {
  const { connection, interrupt, out } = session;
  const signal = AbortSignal.any([interrupt.signal, surroundings.signal]);
  const url = `${connection.url}/api/v1/destinations/${field(destination, "id")}/listen`;
  const forwardOnce = createForwarder(session, options, state);
  let failures = 0;
  let isFirst = true;
  let sendNow: (text: string) => void = () => {};
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const lost = await connect(url, connection.token, signal, {
      onOpen: (send) => {
        sendNow = send;
        out.note(
          isFirst ? `Connected to ${connection.url}. Forwarding to ${options.target.href}.` : "Connected again.",
        );
        // What has changed while the command was not connected.
        if (!isFirst) void surroundings.look();
        isFirst = false;
        failures = 0;
      },
      onChange: () => void surroundings.look(),
      onRequest: (incoming) => {
        // A reply goes over the connection of that time, which may be a later one.
        void forwardOnce(incoming).then((reply) => sendNow(JSON.stringify(reply)));
      },
    });
    surroundings.check();
    if (isOver()) return;
    const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.75 + Math.random() / 4);
    if (failures === 0) out.note(`Not connected: ${lost}. The gateway keeps what arrives. Trying again.`);
    failures = Math.min(failures + 1, 10);
    await interrupt.sleep(waitMs);
  }
}

import { DurableObject } from "cloudflare:workers";
import {
  LISTEN_CALL_HEADER,
  LISTEN_CLOSE,
  LISTEN_PING,
  LISTEN_PING_MS,
  LISTEN_PONG,
  type ListenCall,
  type ListenOutcome,
  type ListenerSettings,
  MAX_LISTEN_REPLY,
  parseListenReply,
} from "../model/listen.ts";
import type { Env } from "../platform/bindings.ts";
import { describeError, logLine } from "../platform/log.ts";
import { PendingRequests } from "./pending.ts";

/** A command that has not shown itself for this long is not there, in ms, even if its connection was never closed. */
const SILENT_MS = 4 * LISTEN_PING_MS;
/** How long requests in flight wait for a command that has lost its connection, in ms. */
const RECONNECT_MS = 5_000;
/** When a removal that failed is tried again, in ms. */
const REMOVE_AGAIN_MS = 60_000;

/** The key of what the object stores. */
const WATCH = "watch";
const MIN_ALARM_MS = 1_000;

type Watch = ListenerSettings & { readonly last_seen: number };

/**
 * Holds the WebSocket of the command that listens for one destination. The object sleeps while nothing is delivered. It passes
 * requests on and keeps nothing of them; deliveries and attempts stay in D1.
 */
export class Listener extends DurableObject {
  readonly #pending = new PendingRequests();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(LISTEN_PING, LISTEN_PONG));
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/forget") {
      await this.#forget();
      return new Response(null, { status: 204 });
    }
    const header = request.headers.get(LISTEN_CALL_HEADER) ?? "";
    if (pathname === "/connect") {
      const settings: ListenerSettings = JSON.parse(header);
      return await this.#connect(settings);
    }
    const call: ListenCall = JSON.parse(header);
    return Response.json(await this.#deliver(call, new Uint8Array(await request.arrayBuffer())));
  }

  async #connect(settings: ListenerSettings): Promise<Response> {
    const [client, server] = Object.values(new WebSocketPair());
    if (client === undefined || server === undefined) throw new Error("The runtime made no WebSocket.");
    for (const socket of this.ctx.getWebSockets()) {
      socket.close(LISTEN_CLOSE.replaced, "Another command listens to this destination now.");
    }
    server.serializeAttachment({ connected_at: Date.now() });
    this.ctx.acceptWebSocket(server);
    await this.#watch(settings);
    this.#pending.repeat(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Returns the connection of the command, or null if there is none that has shown itself lately. */
  #socket(): WebSocket | null {
    const open = this.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN);
    for (const socket of open) {
      if (Date.now() - this.#seenAt(socket) < SILENT_MS) return socket;
      socket.close(LISTEN_CLOSE.silent, "The command has not shown itself.");
    }
    return null;
  }

  #seenAt(socket: WebSocket): number {
    const { connected_at = 0 }: { connected_at?: number } = socket.deserializeAttachment() ?? {};
    return Math.max(connected_at, this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
  }

  async #deliver(call: ListenCall, body: Uint8Array): Promise<ListenOutcome> {
    const socket = this.#socket();
    if (socket !== null) return await this.#pending.send(socket, call, body);
    // A command that ended before it ever connected must be removed, too.
    if ((await this.ctx.storage.getAlarm()) === null) await this.#watch(call);
    return { type: "not_connected" };
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const reply = typeof message === "string" && message.length <= MAX_LISTEN_REPLY ? parseListenReply(message) : null;
    if (reply === null) socket.close(LISTEN_CLOSE.invalid, "The message is not one of this version's.");
    else this.#pending.receive(reply);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // 1005 and 1006 say that there was no code, and no code may be sent that says so.
    socket.close(code >= 3_000 || code === 1_000 ? code : 1_000);
    await this.#lost();
  }

  override async webSocketError(): Promise<void> {
    await this.#lost();
  }

  async #lost(): Promise<void> {
    if (this.#socket() !== null) return;
    const watch = await this.ctx.storage.get<Watch>(WATCH);
    if (watch !== undefined) await this.#watch(watch);
    if (this.#pending.size === 0) return;
    await scheduler.wait(RECONNECT_MS);
    if (this.#socket() === null) this.#pending.abandon();
  }

  /** Notes that somebody listens now, and looks again when the destination would be removed. */
  async #watch({ destination_id, remove_after_seconds }: ListenerSettings, lastSeen = Date.now()): Promise<void> {
    if (remove_after_seconds === null) return;
    await this.ctx.storage.put<Watch>(WATCH, { destination_id, remove_after_seconds, last_seen: lastSeen });
    await this.ctx.storage.setAlarm(lastSeen + remove_after_seconds * 1_000);
  }

  async #forget(): Promise<void> {
    for (const socket of this.ctx.getWebSockets()) socket.close(LISTEN_CLOSE.deleted, "The destination was deleted.");
    this.#pending.abandon();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    const watch = await this.ctx.storage.get<Watch>(WATCH);
    if (watch === undefined) return;
    const { destination_id, remove_after_seconds, last_seen } = watch;
    const socket = this.#socket();
    const seen = socket === null ? last_seen : this.#seenAt(socket);
    if (socket !== null || Date.now() < seen + (remove_after_seconds ?? 0) * 1_000) {
      // At least a second ahead, so that alarms never follow each other at once.
      await this.#watch(watch, Math.max(seen, Date.now() - (remove_after_seconds ?? 0) * 1_000 + MIN_ALARM_MS));
      return;
    }
    try {
      const { removeListener } = await import("./remove.ts");
      await removeListener(this.env, destination_id);
      await this.#forget();
    } catch (error) {
      logLine("error", "listener.remove_failed", { destination_id, error: describeError(error) });
      await this.ctx.storage.setAlarm(Date.now() + REMOVE_AGAIN_MS);
    }
  }
}

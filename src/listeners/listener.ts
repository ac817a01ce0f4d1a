import { DurableObject } from "cloudflare:workers";
import { type ConnectionGrant, LISTEN_CHANGED, LISTEN_CLOSE } from "../model/connection.ts";
import {
  LISTEN_CALL_HEADER,
  type ListenCall,
  type ListenConnect,
  type ListenOutcome,
  type ListenerSettings,
  MAX_LISTEN_REPLY,
  parseListenReply,
} from "../model/listen.ts";
import { WATCHERS } from "../delivery/listeners/objects.ts";
import type { Env } from "../platform/bindings.ts";
import { describeError, logLine } from "../platform/log.ts";
import { Connections, TRUSTED_MS } from "./connections.ts";
import { PendingRequests } from "./pending.ts";
import { Watchers } from "./watchers.ts";

/** How long requests in flight wait for a command that has lost its connection, in ms. */
const RECONNECT_MS = 5_000;
/** When a removal or a look that failed is tried again, in ms. */
const AGAIN_MS = 60_000;
/** How often an open connection is looked at, in ms. */
const CHECK_MS = 3_600_000;
const MIN_CHECK_MS = 60_000;
/** Alarms never follow each other at once. */
const MIN_ALARM_MS = 1_000;

/** The key of what the object stores. */
const WATCH = "watch";

type Watch = ListenerSettings & {
  /** When a command was last connected, in ms since 1970. */
  readonly last_seen: number;
};

/**
 * Holds the WebSocket of the command that listens for one destination. The object sleeps while nothing is delivered. It passes
 * requests on and keeps nothing of them; deliveries and attempts stay in D1. One object of its own holds the dashboards that are open.
 */
export class Listener extends DurableObject {
  readonly #pending = new PendingRequests();
  readonly #connections: Connections;
  readonly #watchers: Watchers;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#connections = new Connections(ctx, env);
    this.#watchers = new Watchers(ctx, env, this.#connections);
  }

  override async fetch(request: Request): Promise<Response> {
    const header = request.headers.get(LISTEN_CALL_HEADER) ?? "";
    switch (new URL(request.url).pathname) {
      case "/connect": {
        const call: ListenConnect = JSON.parse(header);
        return await this.#connect(call);
      }
      case "/recheck": {
        const settings: ListenerSettings = JSON.parse(header);
        await this.#recheck(settings);
        return new Response(null, { status: 204 });
      }
      case "/forget":
        await this.#forget();
        return new Response(null, { status: 204 });
      case "/watch": {
        const grant: ConnectionGrant = JSON.parse(header);
        return await this.#watchers.connect(grant);
      }
      case "/changed":
        return Response.json(await this.#watchers.notify());
      default: {
        const call: ListenCall = JSON.parse(header);
        return Response.json(await this.#deliver(call, new Uint8Array(await request.arrayBuffer())));
      }
    }
  }

  async #connect({ grant, ...settings }: ListenConnect): Promise<Response> {
    this.#connections.closeAll(LISTEN_CLOSE.replaced, "Another command listens to this destination now.");
    const { client, server } = this.#connections.accept(grant);
    await this.#watch(settings, Date.now());
    this.#pending.repeat(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  async #deliver(call: ListenCall, body: Uint8Array): Promise<ListenOutcome> {
    await this.#connections.verify(TRUSTED_MS);
    const [socket] = this.#connections.open();
    if (socket !== undefined) return await this.#pending.send(socket, call, body);
    // A command that ended before it ever connected must be removed, too.
    const isWatched = call.remove_after_seconds === null || (await this.ctx.storage.getAlarm()) !== null;
    if (!isWatched) await this.#watch(call, Date.now());
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
    if (this.#connections.open().length > 0) return;
    const watch = await this.ctx.storage.get<Watch>(WATCH);
    if (watch !== undefined) await this.#watch(watch, Date.now());
    if (this.#pending.size === 0) return;
    await scheduler.wait(RECONNECT_MS);
    if (this.#connections.open().length === 0) this.#pending.abandon();
  }

  /** Looks whether the connection may stay, and tells the command that the configuration has changed. */
  async #recheck(settings: ListenerSettings): Promise<void> {
    await this.#connections.verify(0);
    for (const socket of this.#connections.open()) socket.send(LISTEN_CHANGED);
    if (settings.destination_id === WATCHERS) return;
    const watch = await this.ctx.storage.get<Watch>(WATCH);
    await this.#watch(settings, watch?.last_seen ?? Date.now());
  }

  /** Stores when a command was last seen, and sets when the object looks again. */
  async #watch({ destination_id, remove_after_seconds }: ListenerSettings, lastSeen: number): Promise<void> {
    const isConnected = this.#connections.open().length > 0;
    const removeAfterMs = remove_after_seconds === null ? Infinity : remove_after_seconds * 1_000;
    const at = isConnected
      ? this.#connections.nextCheck(Math.max(MIN_CHECK_MS, Math.min(CHECK_MS, removeAfterMs)))
      : lastSeen + removeAfterMs;
    await this.ctx.storage.put<Watch>(WATCH, { destination_id, remove_after_seconds, last_seen: lastSeen });
    if (at === Infinity) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(at, Date.now() + MIN_ALARM_MS));
  }

  async #forget(): Promise<void> {
    this.#connections.closeAll(LISTEN_CLOSE.deleted, "The destination was deleted.");
    this.#pending.abandon();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    const watch = await this.ctx.storage.get<Watch>(WATCH);
    if (watch === undefined) return await this.#watchers.look();
    const { destination_id } = watch;
    try {
      await this.#look(watch);
    } catch (error) {
      logLine("error", "listener.remove_failed", { destination_id, error: describeError(error) });
      await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
    }
  }

  /** Removes the destination if nobody has listened for long enough, and ends connections that have lost their reason. */
  async #look(watch: Watch): Promise<void> {
    const { destination_id, remove_after_seconds, last_seen } = watch;
    // A connection may turn out to be lost: then its last sign counts.
    const seen = Math.max(last_seen, ...this.ctx.getWebSockets().map((socket) => this.#connections.seenAt(socket)));
    await this.#connections.verify(0);
    const isConnected = this.#connections.open().length > 0;
    const { isListener, removeListener } = await import("./remove.ts");
    if (!isConnected && remove_after_seconds !== null && Date.now() >= seen + remove_after_seconds * 1_000) {
      await removeListener(this.env, destination_id);
      await this.#forget();
    } else if (await isListener(this.env, destination_id)) await this.#watch(watch, seen);
    else await this.#forget();
  }
}

import { type ConnectionGrant, LISTEN_CLOSE, LISTEN_PING, LISTEN_PING_MS, LISTEN_PONG } from "../model/connection.ts";
import type { Env } from "../platform/bindings.ts";

/** A connection that has not shown itself for this long is lost, in ms, even if it was never closed. */
const SILENT_MS = 4 * LISTEN_PING_MS;
/** What is sent on a connection is not sent on credentials that were looked at longer ago than this, in ms. */
export const TRUSTED_MS = 30_000;

type Attachment = { readonly connected_at: number; readonly checked_at: number; readonly grant: ConnectionGrant };

function attachmentOf(socket: WebSocket): Attachment {
  const attachment: Attachment = socket.deserializeAttachment();
  return attachment;
}

/** The WebSockets of an object, each with what allows it. They outlive the memory of the object. */
export class Connections {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(LISTEN_PING, LISTEN_PONG));
  }

  /** Accepts a connection. Returns both of its ends. */
  accept(grant: ConnectionGrant): { readonly client: WebSocket; readonly server: WebSocket } {
    const [client, server] = Object.values(new WebSocketPair());
    if (client === undefined || server === undefined) throw new Error("The runtime made no WebSocket.");
    const now = Date.now();
    server.serializeAttachment({ connected_at: now, checked_at: now, grant } satisfies Attachment);
    this.#ctx.acceptWebSocket(server);
    return { client, server };
  }

  /** Returns the connections that have shown themselves lately, and closes the others. */
  open(): readonly WebSocket[] {
    const open = this.#ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN);
    const [silent, present] = [true, false].map((wanted) =>
      open.filter((socket) => Date.now() - this.seenAt(socket) >= SILENT_MS === wanted),
    );
    for (const socket of silent ?? []) socket.close(LISTEN_CLOSE.silent, "The command has not shown itself.");
    return present ?? [];
  }

  seenAt(socket: WebSocket): number {
    const { connected_at } = attachmentOf(socket);
    return Math.max(connected_at, this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#ctx.getWebSockets()) socket.close(code, reason);
  }

  /**
   * Closes the connections whose credentials have ended. Those that were looked at within `trustedMs` are not looked at again.
   * Throws if D1 cannot be read.
   */
  async verify(trustedMs: number): Promise<void> {
    for (const socket of this.open()) await this.#verify(socket, trustedMs);
  }

  async #verify(socket: WebSocket, trustedMs: number): Promise<void> {
    const { grant, checked_at, ...rest } = attachmentOf(socket);
    const now = Date.now();
    if (grant.renew_at !== null && grant.renew_at <= now) {
      socket.close(LISTEN_CLOSE.renew, "The connection is old. Connect again.");
      return;
    }
    if (now - checked_at < trustedMs && (grant.ends_at ?? Infinity) > now) return;
    // A chunk of its own: the object begins with what passes requests on.
    const { renewGrant } = await import("./grants.ts");
    const renewed = await renewGrant(this.#env, grant);
    if (renewed === null) socket.close(LISTEN_CLOSE.ended, "The credentials of this connection have ended.");
    else socket.serializeAttachment({ ...rest, checked_at: now, grant: renewed } satisfies Attachment);
  }

  /** Returns when the first of the open connections must be looked at, `everyMs` from now at the latest; Infinity if there is none. */
  nextCheck(everyMs: number): number {
    const times = this.open().map((socket) => {
      const { ends_at, renew_at } = attachmentOf(socket).grant;
      return Math.min(Date.now() + everyMs, ends_at ?? Infinity, renew_at ?? Infinity);
    });
    return Math.min(Infinity, ...times);
  }
}

import { type ConnectionGrant, LISTEN_CHANGED, LISTEN_CLOSE } from "../model/connection.ts";
import type { Env } from "../platform/bindings.ts";
import { describeError, logLine } from "../platform/log.ts";
import type { Connections } from "./connections.ts";

/** For this long consumers notify the object after somebody has connected, in ms. It is renewed after half of it. */
const WATCHED_MS = 300_000;
/** How often a connection is looked at, in ms. */
const CHECK_MS = 3_600_000;
/** When a renewal that failed is tried again, in ms. */
const AGAIN_MS = 60_000;
/** A further dashboard replaces the oldest one, which then polls. */
const MAX_WATCHERS = 40;

/** The key of what the object stores: until when consumers notify it; 0 if it has told one that nobody is there. */
const UNTIL = "watched_until";

/** The dashboards that are open. What they receive says that something has changed, and nothing else. */
export class Watchers {
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #connections: Connections;

  constructor(ctx: DurableObjectState, env: Env, connections: Connections) {
    this.#ctx = ctx;
    this.#env = env;
    this.#connections = connections;
  }

  async connect(grant: ConnectionGrant): Promise<Response> {
    const open = this.#connections.open().toSorted((a, b) => this.#connections.seenAt(a) - this.#connections.seenAt(b));
    for (const socket of open.slice(0, Math.max(0, open.length + 1 - MAX_WATCHERS))) {
      socket.close(LISTEN_CLOSE.replaced, "Too many dashboards are open.");
    }
    const { client } = this.#connections.accept(grant);
    await this.#renew();
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Notifies the dashboards. Returns their number. */
  async notify(): Promise<number> {
    const open = this.#connections.open();
    for (const socket of open) socket.send(LISTEN_CHANGED);
    // With another value in D1, consumers that have stopped to notify begin again.
    if (open.length === 0) await this.#ctx.storage.put(UNTIL, 0);
    return open.length;
  }

  /** Looks at the connections, and has consumers go on while somebody is there. To be called by the alarm. */
  async look(): Promise<void> {
    try {
      await this.#connections.verify(CHECK_MS);
      if (this.#connections.open().length > 0) await this.#renew();
    } catch (error) {
      logLine("warn", "watchers.renew_failed", { error: describeError(error) });
      await this.#ctx.storage.setAlarm(Date.now() + AGAIN_MS);
    }
  }

  /** Stores that somebody looks, unless that was stored a short while ago: each time is a row in D1. */
  async #renew(): Promise<void> {
    const { storage } = this.#ctx;
    const now = Date.now();
    let until = (await storage.get<number>(UNTIL)) ?? 0;
    if (until - now < WATCHED_MS / 2 + 1_000) {
      until = now + WATCHED_MS;
      const { storeUntil } = await import("./watched.ts");
      await storeUntil(this.#env, until);
      await storage.put(UNTIL, until);
    }
    await storage.setAlarm(Math.min(until - WATCHED_MS / 2, this.#connections.nextCheck(CHECK_MS)));
  }
}

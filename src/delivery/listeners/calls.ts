import type { Context } from "../../context.ts";
import type { Destination } from "../../model/destination.ts";
import type { ConnectionGrant } from "../../model/connection.ts";
import { LISTEN_CALL_HEADER, type ListenConnect, type ListenerSettings } from "../../model/listen.ts";
import { type Env, findListeners } from "../../platform/bindings.ts";
import { logLine } from "../../platform/log.ts";
import { describeFailure, withTimeout } from "../../platform/with-timeout.ts";
import { readAudience } from "../../storage/destinations/listeners.ts";
import { CALL_MS, WATCHERS, callListener } from "./objects.ts";

// The calls of the objects that hold the connections of commands (src/listeners/). Each has the id of its destination.

/** The objects that one change of the configuration calls. Others find out by themselves within an hour. */
const MAX_CALLED = 40;

export function settingsOf({ id, options }: Pick<Destination, "id" | "options">): ListenerSettings {
  const seconds = options["remove_after_seconds"];
  return { destination_id: id, remove_after_seconds: typeof seconds === "number" ? seconds : null };
}

/** Connects a command to the object of a destination. Returns null if the gateway has no objects. */
export async function connectListener(
  env: Env,
  destination: Destination,
  grant: ConnectionGrant,
): Promise<Response | null> {
  const call: ListenConnect = { ...settingsOf(destination), grant };
  return await callListener(env, destination.id, "connect", {
    headers: { upgrade: "websocket", [LISTEN_CALL_HEADER]: JSON.stringify(call) },
  });
}

/** Connects a dashboard to the object that notifies it. Returns null if the gateway has no objects. */
export async function connectWatcher(env: Env, grant: ConnectionGrant): Promise<Response | null> {
  const headers = { upgrade: "websocket", [LISTEN_CALL_HEADER]: JSON.stringify(grant) };
  return await callListener(env, WATCHERS, "watch", { headers });
}

/** Calls objects beside one another. Never rejects. */
async function callAll(
  env: Env,
  path: "forget" | "recheck",
  listeners: readonly ListenerSettings[],
  event: "listener.forget_failed" | "listener.recheck_failed",
): Promise<void> {
  const called = listeners.map(async (settings) => {
    const init = { method: "POST", headers: { [LISTEN_CALL_HEADER]: JSON.stringify(settings) } };
    const { destination_id } = settings;
    const done = await withTimeout(CALL_MS, () => callListener(env, destination_id, path, init));
    if (done.kind !== "done") logLine("warn", event, { destination_id, error: describeFailure(done) });
  });
  await Promise.all(called);
}

/** Closes the connections of deleted destinations, and forgets them. Never rejects. */
export async function forgetListeners(env: Env, deleted: readonly Destination[]): Promise<void> {
  const listeners = deleted.filter(({ type }) => type === "cli").slice(0, MAX_CALLED);
  await callAll(env, "forget", listeners.map(settingsOf), "listener.forget_failed");
}

/**
 * Has the newest listeners, and the dashboards that are open, look whether their connections may stay, and tells them that the
 * configuration has changed. Never rejects, because the change is made.
 */
export async function recheckConnections({ env, primary, clock }: Context): Promise<void> {
  if (findListeners(env) === null) return;
  const read = await withTimeout(CALL_MS, () => readAudience(primary, MAX_CALLED));
  if (read.kind !== "done") {
    logLine("warn", "listener.recheck_failed", { error: describeFailure(read) });
    return;
  }
  const { listeners, watched_until } = read.value;
  const watchers = { destination_id: WATCHERS, remove_after_seconds: null };
  const called = watched_until > clock() ? [...listeners, watchers] : listeners;
  await callAll(env, "recheck", called, "listener.recheck_failed");
}

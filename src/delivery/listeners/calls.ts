import type { Context } from "../../context.ts";
import type { Destination } from "../../model/destination.ts";
import {
  type ConnectionGrant,
  LISTEN_CALL_HEADER,
  type ListenConnect,
  type ListenerSettings,
} from "../../model/listen.ts";
import { type Env, findListeners } from "../../platform/bindings.ts";
import { logLine } from "../../platform/log.ts";
import { describeFailure, withTimeout } from "../../platform/with-timeout.ts";
import { readListeners } from "../../storage/destinations/listeners.ts";

// The calls of the objects that hold the connections of commands (src/listeners/). Each has the id of its destination.

/** The time that a call may take, in ms; for a delivery, beyond the time of the local server. */
export const CALL_MS = 2_000;
/** The objects that one change of the configuration calls. Others find out by themselves within an hour. */
const MAX_CALLED = 40;

export function settingsOf({ id, options }: Pick<Destination, "id" | "options">): ListenerSettings {
  const seconds = options["remove_after_seconds"];
  return { destination_id: id, remove_after_seconds: typeof seconds === "number" ? seconds : null };
}

/** Calls the object of a destination. Returns null if the gateway has no objects. */
export async function callListener(
  env: Env,
  destinationId: string,
  path: "connect" | "deliver" | "forget" | "recheck",
  init: RequestInit,
): Promise<Response | null> {
  const listeners = findListeners(env);
  if (listeners === null) return null;
  return await listeners.get(listeners.idFromName(destinationId)).fetch(`https://listener/${path}`, init);
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
 * Has the newest listeners look whether their connections may stay, and tells the commands that the configuration has changed.
 * Returns their number. Never rejects, because the change is made.
 */
export async function recheckListeners({ env, primary }: Context, max = MAX_CALLED): Promise<number> {
  if (findListeners(env) === null) return 0;
  const read = await withTimeout(CALL_MS, () => readListeners(primary, max));
  if (read.kind !== "done") {
    logLine("warn", "listener.recheck_failed", { error: describeFailure(read) });
    return 0;
  }
  await callAll(env, "recheck", read.value, "listener.recheck_failed");
  return read.value.length;
}

import { type Env, findListeners } from "../../platform/bindings.ts";

/** The time that a call of an object may take, in ms; for a delivery, beyond the time of the local server. */
export const CALL_MS = 2_000;

/** The name of the object that notifies the dashboards that are open. Ids of destinations have another form. */
export const WATCHERS = "watchers";

/** Calls the object of a destination. Returns null if the gateway has no objects. */
export async function callListener(
  env: Env,
  destinationId: string,
  path: "connect" | "deliver" | "forget" | "recheck" | "watch" | "changed",
  init: RequestInit,
): Promise<Response | null> {
  const listeners = findListeners(env);
  if (listeners === null) return null;
  return await listeners.get(listeners.idFromName(destinationId)).fetch(`https://listener/${path}`, init);
}

/** Notifies the dashboards that are open. Returns their number. */
export async function notifyWatchers(env: Env): Promise<number> {
  const response = await callListener(env, WATCHERS, "changed", { method: "POST" });
  return response === null ? 0 : await response.json();
}

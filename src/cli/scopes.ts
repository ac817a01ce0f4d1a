import { ClientError, type JsonObject } from "../client/index.ts";
import type { Api } from "./api.ts";
import { field, isObject, list, plain } from "./rows.ts";

const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** An alert that cannot exist: a token that may not write gets 403 for it, and others 404. */
const NO_ALERT = "alr_none";

/** What a token may do, and whose it is if the gateway says so. */
export type Holder = {
  readonly scopes: readonly string[];
  readonly name: string | null;
  readonly expires_at: string | null;
};

async function statusOf(call: () => Promise<unknown>): Promise<number> {
  try {
    await call();
    return 200;
  } catch (error) {
    const status = error instanceof ClientError && error.failure.kind === "problem" ? error.failure.status : 0;
    if (status === FORBIDDEN || status === NOT_FOUND) return status;
    throw error;
  }
}

/** Finds the scopes by calls that change nothing, for gateways without `/sessions/current`. */
async function probe(api: Api): Promise<readonly string[]> {
  await api.page("/integrations", { limit: 1 });
  const write = await statusOf(() => api.post("/alerts/{id}/acknowledge", undefined, { params: { id: NO_ALERT } }));
  if (write === FORBIDDEN) return ["read"];
  const admin = await statusOf(() => api.page("/tokens", { limit: 1 }));
  return admin === FORBIDDEN ? ["read", "write"] : ["read", "write", "admin"];
}

/** Adds the scopes that others include. */
function allOf(scopes: readonly string[]): readonly string[] {
  if (scopes.includes("admin")) return ["read", "write", "admin"];
  return scopes.includes("write") ? ["read", "write"] : scopes;
}

async function callerOf(api: Api): Promise<JsonObject | null> {
  try {
    return await api.get("/sessions/current");
  } catch (error) {
    if (error instanceof ClientError && error.failure.kind === "problem" && error.failure.status === NOT_FOUND)
      return null;
    throw error;
  }
}

/** Returns what the token may do. Throws if it is not valid. */
export async function holderOf(api: Api): Promise<Holder> {
  const caller = await callerOf(api);
  if (caller === null) return { scopes: await probe(api), name: null, expires_at: null };
  const { token, expires_at: end } = caller;
  const name = isObject(token) ? field(token, "name") : "administrator";
  return { scopes: allOf(list(caller, "scopes").map(plain)), name, expires_at: typeof end === "string" ? end : null };
}

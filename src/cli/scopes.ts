import { ClientError } from "../client/index.ts";
import type { Api } from "./api.ts";

const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** An alert that cannot exist: who may not write gets 403 for it, and others 404. */
const NO_ALERT = "alr_none";

async function statusOf(call: () => Promise<unknown>): Promise<number> {
  try {
    await call();
    return 200;
  } catch (error) {
    if (error instanceof ClientError && error.failure.kind === "problem") {
      const { status } = error.failure;
      if (status === FORBIDDEN || status === NOT_FOUND) return status;
    }
    throw error;
  }
}

/** What the token may do, found by calls that change nothing. Throws if it may not even read. */
export async function scopesOf(api: Api): Promise<readonly string[]> {
  await api.page("/integrations", { limit: 1 });
  const write = await statusOf(() => api.post("/alerts/{id}/acknowledge", undefined, { params: { id: NO_ALERT } }));
  if (write === FORBIDDEN) return ["read"];
  const admin = await statusOf(() => api.page("/tokens", { limit: 1 }));
  return admin === FORBIDDEN ? ["read", "write"] : ["read", "write", "admin"];
}

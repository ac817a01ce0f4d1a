import { waitUntil } from "cloudflare:workers";
import { createLocalJWKSet } from "jose/jwks/local";
import { isJsonObject, isList } from "../../model/json.ts";
import { outboundFetch } from "../../net/outbound-fetch.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { logLine } from "../../platform/log.ts";
import { withTimeout } from "../../platform/with-timeout.ts";
import type { AccessSettings } from "../../settings.ts";

const TIMEOUT_MS = 5_000;
/** How long a request waits for a read that another one may have begun. */
const WAIT_MS = 6_000;
const MAX_BYTES = 65_536;
const MAX_KEYS = 20;
/** Keys that were read this long ago are read again. Access replaces its key every six weeks. */
const FRESH_MS = 3_600_000;
/** If they cannot be read, earlier ones are used for this long. */
const MAX_AGE_MS = 6 * 3_600_000;
/** They are read again at most this often, because anybody can make up a token with an unknown key. */
const PAUSE_MS = 30_000;
const PAUSE_WITHOUT_KEYS_MS = 1_000;

/** Finds the key of a token by its header. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;
type Kept = { readonly keys: KeySet; readonly read_at: number };
type State = { kept: Kept | null; tried_at: number; reading: Promise<Kept | null> | null };

// The settings are those of the isolate: a change of the variables makes new ones.
const states = new WeakMap<AccessSettings, State>();

/** Returns the key set in a response; null if it has none. */
function parseKeys(bytes: Uint8Array): KeySet | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const keys = isJsonObject(json) ? json["keys"] : undefined;
    if (!isList(keys)) return null;
    // Only these can verify a token of Access. A key of another type could be used with another algorithm.
    const shown = keys.flatMap((key) => {
      const { kty, kid, n, e } = isJsonObject(key) ? key : {};
      const isUsable = kty === "RSA" && typeof kid === "string" && typeof n === "string" && typeof e === "string";
      return isUsable ? [{ kty, alg: "RS256", kid, n, e }] : [];
    });
    return shown.length === 0 ? null : createLocalJWKSet({ keys: shown.slice(0, MAX_KEYS) });
  } catch {
    return null;
  }
}

async function fetchKeys({ issuer }: AccessSettings, nowMs: number): Promise<Kept | null> {
  const url = checkUrl(`${issuer}/cdn-cgi/access/certs`, { allowPrivate: false, ownHosts: [] });
  if (!url.ok) return null;
  const result = await outboundFetch({
    url: url.value,
    method: "GET",
    headers: { accept: "application/json" },
    body: null,
    timeout_ms: TIMEOUT_MS,
    max_response_bytes: MAX_BYTES,
  });
  const body = result.kind === "responded" && result.status === 200 && result.body.ok ? result.body.value : null;
  const keys = body === null ? null : parseKeys(body);
  if (keys !== null) return { keys, read_at: nowMs };
  logLine("warn", "access.keys_unavailable", { outcome: result.kind === "responded" ? result.status : result.kind });
  return null;
}

/** Reads the keys. Requests at the same time share the read, which must survive a caller that hangs up. */
async function readShared(state: State, access: AccessSettings, nowMs: number): Promise<Kept | null> {
  if (state.reading === null) state.tried_at = nowMs;
  const own = (state.reading ??= fetchKeys(access, nowMs));
  waitUntil(withTimeout(WAIT_MS, () => own));
  const result = await withTimeout(WAIT_MS, () => own);
  if (state.reading === own) state.reading = null;
  const read = result.kind === "done" ? result.value : null;
  if (read !== null) state.kept = read;
  return read;
}

/**
 * Returns the keys of the team's Access, or null if they cannot be read. `isKeyUnknown`: the known ones lack a key that a
 * token names, which may be a new one.
 */
export async function accessKeys(access: AccessSettings, nowMs: number, isKeyUnknown = false): Promise<KeySet | null> {
  const state = states.get(access) ?? { kept: null, tried_at: -Infinity, reading: null };
  states.set(access, state);
  const { kept } = state;
  const age = kept === null ? Infinity : nowMs - kept.read_at;
  const isDue = age >= FRESH_MS || isKeyUnknown;
  const pauseMs = kept === null ? PAUSE_WITHOUT_KEYS_MS : PAUSE_MS;
  if (isDue && (state.reading !== null || nowMs - state.tried_at >= pauseMs)) {
    const read = await readShared(state, access, nowMs);
    if (read !== null) return read.keys;
  }
  return kept !== null && age < MAX_AGE_MS ? kept.keys : null;
}

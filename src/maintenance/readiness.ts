import checksums from "../../migrations/checksums.json" with { type: "json" };
import { contextOf } from "../context.ts";
import { KeysUnavailableError } from "../crypto/keys-unavailable.ts";
import type { FieldError } from "../model/result.ts";
import { type Problem, problemResponse } from "../net/problem.ts";
import { type Env, missingBindings } from "../platform/bindings.ts";
import { type Shard, missingOfShards, shardsWithDatabase } from "../platform/shards.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { settingsFaults } from "../settings.ts";
import { isSchemaFault } from "../platform/schema-fault.ts";
import { readAppliedMigrations, readCountedThrough } from "../storage/maintenance/readiness.ts";

const READ_TIMEOUT_MS = 5_000;
const MINUTE_MS = 60_000;
/** Maintenance runs every minute and counts the events that are a minute old. */
const MAX_COUNT_LAG_MS = 11 * MINUTE_MS;
/** How long an isolate returns the same result, in ms: anybody may ask. */
const KEPT_MS = 2_000;
const RETRY_AFTER = { "retry-after": "60" } as const;
const SECRETS: readonly string[] = ["ADMIN_TOKEN", "MASTER_KEY"];

const MIGRATIONS = Object.keys(checksums).toSorted();

/** It finds what is missing and leaves the rest, so it mends what a deployment can. */
const DEPLOY = "npm run deploy";

function settingFault(env: Env, { path, message }: FieldError): FieldError {
  if (!SECRETS.includes(path)) {
    return { path, message: `${message}. Correct it under [vars] in wrangler.toml and run: ${DEPLOY}` };
  }
  // A deployment leaves a secret that the Worker has.
  const isMissing = Reflect.get(env, path) === undefined;
  return { path, message: `${message}. Run: ${isMissing ? DEPLOY : `npx wrangler secret put ${path}`}` };
}

/** Returns what is missing or wrong in the variables, secrets and bindings, each with the command that mends it. */
function environmentFaults(env: Env): readonly FieldError[] {
  const missing = [...missingBindings(env), ...missingOfShards(env)];
  return [
    ...settingsFaults(env).map((fault) => settingFault(env, fault)),
    ...missing.map((path) => ({
      path,
      message: `is not bound. Add the binding to wrangler.toml if it is not there, and run: ${DEPLOY}`,
    })),
  ];
}

async function migrationFaults({ number, db }: Shard): Promise<readonly FieldError[]> {
  const binding = number === 0 ? "DB" : `DB_${number}`;
  const applied = await withTimeout(READ_TIMEOUT_MS, () => readAppliedMigrations(db));
  if (applied.kind !== "done") return [{ path: binding, message: "did not respond. Ask again in a minute." }];
  const pending = MIGRATIONS.filter((name) => !applied.value.has(name));
  if (pending.length === 0) return [];
  return [{ path: binding, message: `lacks the migrations ${pending.join(", ")}. Run: ${DEPLOY}` }];
}

async function maintenanceFaults({ number, db }: Shard, nowMs: number): Promise<readonly FieldError[]> {
  const counted = await withTimeout(READ_TIMEOUT_MS, () => readCountedThrough(db));
  if (counted.kind !== "done") return [];
  if (counted.value !== null && nowMs - counted.value < MAX_COUNT_LAG_MS) return [];
  const since = counted.value === null ? "has not run yet" : "has not run for 10 minutes";
  const message = `${since} for shard ${number}. The cron trigger of wrangler.toml starts it each minute. npm run doctor checks the trigger, ${DEPLOY} sets it, and npx wrangler tail shows the log`;
  return [{ path: "maintenance", message }];
}

/** Returns whether the keys of the gateway can be used. The settings, bindings and tables must be there. */
async function keyFaults(env: Env, nowMs: number): Promise<readonly FieldError[]> {
  const { keys } = contextOf(env);
  const used = await withTimeout(READ_TIMEOUT_MS, () =>
    Promise.all([keys.seal("", ""), keys.hashToken(""), keys.checksum(""), keys.signingKeys(nowMs)]),
  );
  if (used.kind === "done") return [];
  const isOther =
    used.kind === "failed" && used.error instanceof KeysUnavailableError && used.error.fault === "other_master_key";
  if (!isOther) return [{ path: "keys", message: "could not be read. Ask again in a minute." }];
  const message =
    "is not the one that the keys of this gateway are wrapped under. Set it to that one and run: npx wrangler secret put MASTER_KEY, or npx wrangler secret put MASTER_KEY_PREVIOUS while it is being rotated";
  return [{ path: "MASTER_KEY", message }];
}

/** Returns what keeps a gateway from working, each with the command that mends it. Empty if nothing does. */
async function findFaults(env: Env, nowMs: number): Promise<readonly FieldError[]> {
  const shards = shardsWithDatabase(env);
  const migrations = (await Promise.all(shards.map(migrationFaults))).flat();
  // Without its tables, maintenance cannot have run.
  if (migrations.length > 0) return [...environmentFaults(env), ...migrations];
  const maintenance = (await Promise.all(shards.map((shard) => maintenanceFaults(shard, nowMs)))).flat();
  const environment = environmentFaults(env);
  return [...environment, ...(environment.length > 0 ? [] : await keyFaults(env, nowMs)), ...maintenance];
}

function notReady(errors: readonly FieldError[]): Problem {
  return {
    code: "not_ready",
    title: "The gateway is not ready.",
    detail: errors.map(({ path, message }) => `${path} ${message}`).join(" "),
    errors,
    headers: RETRY_AFTER,
  };
}

type Kept = { readonly until: number; readonly faults: Promise<readonly FieldError[]> };
const kept = new WeakMap<Env, Kept>();

/** Responds to `GET /ready`. */
export async function readinessResponse(env: Env, nowMs: number): Promise<Response> {
  const known = kept.get(env);
  const current =
    known !== undefined && nowMs < known.until ? known : { until: nowMs + KEPT_MS, faults: findFaults(env, nowMs) };
  kept.set(env, current);
  const faults = await current.faults;
  if (faults.length > 0) return problemResponse(notReady(faults));
  return Response.json({ status: "ready" }, { headers: { "cache-control": "no-store" } });
}

/** Returns the problem of a request that failed because the gateway is not set up, or null if it failed for another reason. */
export function installationProblem(env: Env, error: unknown): Problem | null {
  const faults = environmentFaults(env);
  const headers = RETRY_AFTER;
  if (faults.length > 0) {
    const detail = faults.map(({ path, message }) => `${path} ${message}`).join(" ");
    return { code: "not_set_up", title: "The gateway is not set up completely.", detail, errors: faults, headers };
  }
  if (!isSchemaFault(error)) return null;
  const detail = `Its database lacks tables or columns. Run: ${DEPLOY}. GET /ready names what is missing.`;
  return { code: "not_set_up", title: "The database of the gateway is not set up.", detail, headers };
}

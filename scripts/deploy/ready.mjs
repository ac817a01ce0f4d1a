import { setTimeout as sleep } from "node:timers/promises";
import { DeployError } from "./deploy-error.mjs";

const POLL_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** A new address needs its DNS record and its certificate. */
const MAX_UNREACHABLE_MS = 15 * 60_000;
/** A new version is everywhere within a minute or so; what it still reports then is wrong. */
const MAX_FAULTY_MS = 3 * 60_000;
/** Cloudflare can take 15 minutes until a new cron trigger runs, which starts maintenance. */
const MAX_WITHOUT_MAINTENANCE_MS = 20 * 60_000;

/**
 * What a gateway reports at `/ready`.
 * @typedef {{ kind: "ready" } | { kind: "unreachable", reason: string } | { kind: "faults", faults: readonly { path: string, message: string }[] }} Readiness
 */

/**
 * Asks a gateway whether it is ready.
 * @param {string} url the origin of the gateway
 * @returns {Promise<Readiness>}
 */
export async function readiness(url) {
  try {
    const response = await fetch(`${url}/ready`, {
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.status === 200) return { kind: "ready" };
    /** @type {any} */
    const problem = await response.json().catch(() => null);
    if (response.status === 503 && Array.isArray(problem?.errors)) return { kind: "faults", faults: problem.errors };
    return { kind: "unreachable", reason: `it returns ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: "unreachable", reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

/**
 * Waits until a gateway is ready. Throws a DeployError with what it lacks if that takes too long.
 * @param {string} url
 * @param {(line: string) => void} note
 * @param {{ ask?: typeof readiness, now?: () => number, wait?: (ms: number) => Promise<unknown> }} [outside] for tests
 */
export async function waitUntilReady(url, note, { ask = readiness, now = Date.now, wait = sleep } = {}) {
  const began = now();
  let shown = "";
  for (;;) {
    const found = await ask(url);
    if (found.kind === "ready") return;
    const { line, maxMs, advice } = describe(found, url);
    if (line !== shown) note(line);
    shown = line;
    if (now() - began >= maxMs) throw new DeployError(`${url} is not ready: ${line}`, advice);
    await wait(POLL_MS);
  }
}

/**
 * @param {Exclude<Readiness, { kind: "ready" }>} found
 * @param {string} url
 */
function describe(found, url) {
  if (found.kind === "unreachable") {
    return {
      line: `waiting for the address, which can take minutes when it is new (${found.reason})`,
      maxMs: MAX_UNREACHABLE_MS,
      advice: `Open ${url}/ready in a browser. npx wrangler tail shows the log of the Worker.`,
    };
  }
  const others = found.faults.filter(({ path }) => path !== "maintenance");
  if (others.length === 0) {
    return {
      line: "everything is in place; waiting for the first run of the cron trigger, which can take 15 minutes",
      maxMs: MAX_WITHOUT_MAINTENANCE_MS,
      advice: `The gateway accepts and delivers webhooks meanwhile. Look at ${url}/ready again in some minutes. If it still names maintenance, npx wrangler tail shows the log of the Worker.`,
    };
  }
  return {
    line: others.map(({ path, message }) => `${path} ${message}`).join(" "),
    maxMs: MAX_FAULTY_MS,
    advice: "Correct what it names. If it named nothing that is wrong, wait some minutes and run the command again.",
  };
}

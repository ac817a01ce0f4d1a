import type { Context } from "../../context.ts";
import type { Integration } from "../../model/integration.ts";
import type { IntegrationAuth } from "../../model/integration-auth.ts";
import { TOLERANCE_SECONDS } from "../../signing/claim.ts";
import type { KeyFinder } from "../../signing/inbound.ts";
import { type Explanation, explainSignature } from "../../signing/explain.ts";
import { learnsSecret } from "../../signing/schemes/registry.ts";
import { type AuthRequest, checkCredentials } from "./credentials.ts";

export const AUTH_FAULTS = ["missing", "malformed", "stale", "mismatch", "unavailable"] as const;
export type AuthFault = (typeof AUTH_FAULTS)[number];

/** Whether a request's credentials would be accepted. `fault` and `detail` are null if they would. */
export type AuthVerdict = {
  readonly fault: AuthFault | null;
  readonly detail: string | null;
  /** The messages that must have been signed; none if that is not known, or nothing is signed. */
  readonly signed: readonly Uint8Array[];
};

const PASSES: AuthVerdict = { fault: null, detail: null, signed: [] };
const UNAVAILABLE: AuthVerdict = {
  fault: "unavailable",
  detail: "The stored credentials cannot be read now: the key that sealed them is missing.",
  signed: [],
};

function timesOf(signedAtMs: number | null, nowMs: number): string {
  const at = signedAtMs === null ? "at another time" : `at ${new Date(signedAtMs).toISOString()}`;
  return `The request was signed ${at}. It is ${new Date(nowMs).toISOString()} now, and the two may differ by ${TOLERANCE_SECONDS} seconds.`;
}

function detailOf({ fault, absent, signed_at_ms, matches }: Explanation, nowMs: number): string | null {
  switch (fault) {
    case null:
      return null;
    case "missing":
      return absent.length === 0
        ? "The signature lacks a field that the scheme needs."
        : `The request has no header ${absent.join(" and no header ")}.`;
    case "malformed":
      return matches === true
        ? "The signature is right, but the body has no time that can be read."
        : "A header that the scheme needs is not in its format: the signature, the time or the id.";
    case "stale": {
      const rest = matches === true ? "The signature itself is right." : "The signature itself is wrong, too.";
      return `${timesOf(signed_at_ms, nowMs)} ${rest}`;
    }
    case "mismatch":
      return "The signature was not made over these bytes with this integration's secret. Compare the bytes with those that the sender signs, and then the secrets.";
  }
}

const NOT_LEARNED: AuthVerdict = {
  fault: "unavailable",
  detail: "The integration has not learned its key yet: the sender brings it when a webhook is set up.",
  signed: [],
};

async function explainSigned(
  integration: Integration,
  auth: Extract<IntegrationAuth, { type: "signature" }>,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<AuthVerdict> {
  if (auth.sealed_secret === "" && learnsSecret(auth.scheme)) return NOT_LEARNED;
  const { keys, unopened } = await context.caches.verifying_keys.keysOf(integration.id, auth, nowMs);
  if (keys.length === 0 && auth.sealed_secret !== "") return UNAVAILABLE;
  const findKey: KeyFinder<unknown> = (reference) => context.caches.published_keys.find(reference);
  const explanations: Explanation[] = [];
  // As in `checkCredentials`: some senders sign before they compress, others after.
  for (const read of [request.sent, request.body]) {
    const body = await read?.();
    if (body?.ok !== true) continue;
    explanations.push(await explainSignature(auth, keys, request, body.value, nowMs, findKey));
  }
  const [best] = explanations.toSorted((a, b) => Number(b.matches === true) - Number(a.matches === true));
  if (best === undefined || (best.fault !== null && unopened > 0)) return UNAVAILABLE;
  const signed = best.matches === true ? best.messages : explanations.flatMap(({ messages }) => messages);
  return { fault: best.fault, detail: detailOf(best, nowMs), signed };
}

/**
 * Explains to the owner of an integration whether a request's credentials would be accepted. It counts, logs and stores nothing,
 * and shows no secret.
 */
export async function explainAuth(
  integration: Integration,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<AuthVerdict> {
  const { auth } = integration;
  switch (auth.type) {
    case "none":
      return PASSES;
    case "signature":
      return await explainSigned(integration, auth, request, context, nowMs);
    case "token":
    case "basic":
    case "bearer": {
      const checked = await checkCredentials(integration, request, context, nowMs);
      if (checked.ok) return PASSES;
      const name = auth.type === "token" ? auth.header : "authorization";
      if (!request.headers.has(name)) {
        return { fault: "missing", detail: `The request has no header ${name.toLowerCase()}.`, signed: [] };
      }
      const detail = `The value of the header ${name.toLowerCase()} is not the one that this integration expects.`;
      return { fault: "mismatch", detail, signed: [] };
    }
  }
}

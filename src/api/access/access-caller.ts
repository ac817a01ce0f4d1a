import { JOSEError, JWKSNoMatchingKey } from "jose/errors";
import { jwtVerify } from "jose/jwt/verify";
import type { JWTPayload } from "jose";
import type { Context } from "../../context.ts";
import { isJsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { SCOPES } from "../../model/token.ts";
import type { Problem } from "../../net/problem.ts";
import { logLine } from "../../platform/log.ts";
import type { AccessSettings } from "../../settings.ts";
import type { Caller } from "../request.ts";
import { type KeySet, accessKeys } from "./keys.ts";

const HEADER = "cf-access-jwt-assertion";
const MAX_TOKEN = 16_384;
const MAX_NAME = 320;
/** How far the clocks of Access and of the gateway may differ. */
const CLOCK_TOLERANCE_SECONDS = 30;

const UNAVAILABLE: Problem = {
  code: "access_unavailable",
  title: "The keys of Cloudflare Access cannot be read.",
  headers: { "retry-after": "5" },
};

type Verified = JWTPayload | "unknown_key" | null;

async function verify(token: string, keys: KeySet, access: AccessSettings, nowMs: number): Promise<Verified> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: access.issuer,
      audience: access.audience,
      requiredClaims: ["exp", "iat"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch (error) {
    if (error instanceof JWKSNoMatchingKey) return "unknown_key";
    if (!(error instanceof JOSEError)) throw error;
    logLine("warn", "access.token_refused", { reason: error.code });
    return null;
  }
}

/** The groups in a token: at its top or among the claims that the identity provider adds. */
function groupsOf(payload: JWTPayload): readonly string[] {
  const { groups, custom } = payload;
  const lists = [groups, isJsonObject(custom) ? custom["groups"] : undefined];
  return lists.filter((list) => Array.isArray(list)).flatMap((list) => list.filter((each) => typeof each === "string"));
}

/** Returns the name of a token's holder: an email, or the name of a service token. */
function nameOf({ email, common_name }: JWTPayload): string | null {
  const name = typeof email === "string" ? email.toLowerCase() : common_name;
  return typeof name === "string" && name !== "" && name.length <= MAX_NAME ? name : null;
}

function callerFor(payload: JWTPayload, { roles }: AccessSettings): Caller | null {
  const name = nameOf(payload);
  if (name === null) return null;
  const names = new Set([name, ...groupsOf(payload), "*"]);
  const scopes = SCOPES.filter((scope) =>
    roles[scope].some((each) => names.has(each.includes("@") ? each.toLowerCase() : each)),
  );
  return { actor: `access:${name}`, scopes, token: null, session: null };
}

/**
 * Returns the caller whom Cloudflare Access has signed in; null if the request has no valid token of Access. Refuses all while the
 * keys of Access cannot be read.
 */
export async function callerOfAccess(
  { settings, clock }: Context,
  headers: Headers,
): Promise<Result<Caller | null, Problem>> {
  const { access } = settings;
  const token = headers.get(HEADER);
  if (access === null || token === null || token.length > MAX_TOKEN) return ok(null);
  const nowMs = clock();
  const keys = await accessKeys(access, nowMs);
  if (keys === null) return fail(UNAVAILABLE);
  const first = await verify(token, keys, access, nowMs);
  if (first !== "unknown_key") return ok(first === null ? null : callerFor(first, access));
  const renewed = await accessKeys(access, nowMs, true);
  const second = renewed === null || renewed === keys ? null : await verify(token, renewed, access, nowMs);
  return ok(second === null || second === "unknown_key" ? null : callerFor(second, access));
}

import type { Context } from "../../context.ts";
import { type AddressRange, isInRanges, parseAddressRange } from "../../model/address-range.ts";
import type { Integration } from "../../model/integration.ts";
import type { SignedIdentity } from "../../signing/inbound.ts";
import { sourceOf } from "../../sources/registry.ts";
import { type AuthRequest, checkCredentials } from "./credentials.ts";
import { type HandshakeResult, refused } from "./handshakes/handshake.ts";
import { respondToHandshake } from "./handshakes/registry.ts";

/**
 * The decision about a request. `responded`: the request is part of a handshake, and this is its response. `identity` is what
 * the sender signed to identify the request, or null.
 */
export type AuthResult = HandshakeResult | { readonly kind: "accepted"; readonly identity: SignedIdentity | null };

// The cache replaces an integration's list when it changes, so the list can be the key.
const parsedLists = new WeakMap<readonly string[], readonly AddressRange[]>();

function rangesOf(list: readonly string[]): readonly AddressRange[] {
  const known = parsedLists.get(list);
  if (known !== undefined) return known;
  const ranges = list.map(parseAddressRange).filter((range) => range !== null);
  parsedLists.set(list, ranges);
  return ranges;
}

/** Returns the sender's address. Cloudflare sets the header and drops the sender's own; a local gateway has local senders. */
function senderAddress(headers: Headers): string {
  return headers.get("cf-connecting-ip")?.trim() ?? "127.0.0.1";
}

/**
 * Decides whether a request is let in. Address, credentials and rate are checked in the order of what each costs. Signed
 * handshakes come last, because their response shows that the gateway knows the secret.
 */
export async function authenticate(
  integration: Integration,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<AuthResult> {
  const { allowed_ips, rate_limit } = integration;
  const { caches } = context;
  if (allowed_ips !== null && !isInRanges(rangesOf(allowed_ips), senderAddress(request.headers))) {
    return refused({ reason: "address_not_allowed" });
  }
  const call = { integration, request, signed_by: null, context };
  const unsigned = await respondToHandshake("before_credentials", call);
  if (unsigned !== null) return unsigned;
  const { methods } = sourceOf(integration.type);
  if (!methods.some((method) => method === request.method)) return refused({ reason: "wrong_method", methods });
  const checked = await checkCredentials(integration, request, context, nowMs);
  if (!checked.ok) return refused(checked.error);
  const waitSeconds = rate_limit === null ? null : caches.rate_limiter.charge(integration.id, rate_limit, nowMs);
  if (waitSeconds !== null) return refused({ reason: "rate_limited", retry_after_seconds: waitSeconds });
  const { signed_by, identity } = checked.value;
  const signed = await respondToHandshake("after_credentials", { ...call, signed_by });
  return signed ?? { kind: "accepted", identity };
}

import { secretsMatch } from "../../crypto/key-ring.ts";
import type { Context } from "../../context.ts";
import { type AuditEntry, GATEWAY_ACTOR } from "../../model/audit.ts";
import type { IntegrationAuth } from "../../model/integration-auth.ts";
import type { Integration } from "../../model/integration.ts";
import { logLine } from "../../platform/log.ts";
import { describeFailure, withTimeout } from "../../platform/with-timeout.ts";
import { insertAuditIfChanged } from "../../storage/config/audit.ts";
import { findIntegration, learnSecret } from "../../storage/config/integrations.ts";
import type { IngestError } from "../errors.ts";
import { VERIFY_TOKEN } from "../redact.ts";
import type { AuthRequest } from "./credentials.ts";

const WRITE_TIMEOUT_MS = 3_000;
const UNAVAILABLE: IngestError = { reason: "configuration_unavailable" };

function learnedEntry({ mint }: Context, integration: Integration): AuditEntry {
  const { id, at_ms } = mint("aud");
  return {
    id,
    at: new Date(at_ms).toISOString(),
    actor: GATEWAY_ACTOR,
    action: "integration.key_learned",
    kind: "integration",
    target_id: integration.id,
    target_name: integration.name,
    before: { auth: { secret: null } },
    after: { auth: { secret: "set" } },
  };
}

/** Compares a key with the one that an integration has. A sender that got no response brings the same key again. */
async function compare(context: Context, id: string, auth: IntegrationAuth, key: string): Promise<IngestError | null> {
  const sealed = auth.type === "signature" ? auth.sealed_secret : "";
  if (sealed === "") return { reason: "key_already_known" };
  const known = await context.keys.unseal(sealed, id);
  if (!known.ok) return UNAVAILABLE;
  return (await secretsMatch(known.value, key)) ? null : { reason: "key_already_known" };
}

/** Stores a key; only the first one that comes. */
async function store(
  context: Context,
  integration: Integration,
  verify_token_hash: string,
  key: string,
): Promise<IngestError | null> {
  const { id, auth } = integration;
  if (auth.type !== "signature") return UNAVAILABLE;
  const { scheme } = auth;
  const sealed_secret = await context.keys.seal(key, id);
  const entry = learnedEntry(context, integration);
  const written = await withTimeout(WRITE_TIMEOUT_MS, async () => {
    const secret = { scheme, verify_token_hash, sealed_secret, at: entry.at };
    const isStored = await learnSecret(context.primary, id, secret, insertAuditIfChanged(context.primary, entry));
    return isStored ? "stored" : await findIntegration(context.primary, id);
  });
  // Other isolates see the new revision.
  context.caches.integrations.forget(id);
  if (written.kind !== "done") {
    logLine("warn", "signature_key.learn_failed", { integration_id: id, error: describeFailure(written) });
    return UNAVAILABLE;
  }
  if (written.value === "stored") {
    logLine("info", "signature_key.learned", { integration_id: id, scheme });
    return null;
  }
  const { value: present } = written;
  return present === null ? { reason: "unknown_integration" } : await compare(context, id, present.auth, key);
}

/**
 * Learns the key that a sender brings, if the address has the integration's token. A key is never replaced: only an
 * administrator removes it. Returns why the key is refused, or null.
 */
export async function learnKey(
  context: Context,
  integration: Integration,
  request: AuthRequest,
  key: string,
): Promise<IngestError | null> {
  const { id, auth } = integration;
  const token = request.url.searchParams.get(VERIFY_TOKEN) ?? "";
  const hash = auth.type === "signature" ? (auth.verify_token_hash ?? "") : "";
  if (token === "" || !(await context.keys.tokenMatches(token, hash))) return { reason: "bad_token" };
  const isKnown = auth.type === "signature" && auth.sealed_secret !== "";
  return isKnown ? await compare(context, id, auth, key) : await store(context, integration, hash, key);
}

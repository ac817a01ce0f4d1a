import { env } from "cloudflare:workers";
import { createKeyStore } from "../../src/config-cache/keys.ts";
import { createKeyRing } from "../../src/crypto/key-ring.ts";
import type { PagertreeOptions } from "../../src/model/integration.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { tables } from "./tables.ts";

export type IntegrationRow = {
  readonly id: string;
  readonly enabled?: boolean;
  /** In the clear; stored as its hash. */
  readonly token?: string;
  readonly token_header?: string;
  readonly options?: Partial<PagertreeOptions>;
};

/** Puts an integration straight into the database. */
export async function insertIntegrationRow(row: IntegrationRow): Promise<void> {
  // Not of the context, which would take its variables from here.
  const master_key = Uint8Array.fromBase64(env.MASTER_KEY);
  const keys = createKeyRing(createKeyStore(asPrimary(env.DB), { master_key, master_key_previous: null }, Date.now));
  const auth =
    row.token === undefined
      ? { type: "none" }
      : { type: "token", header: row.token_header ?? "pagertree-token", token_hash: await keys.hashToken(row.token) };
  const options = { capture_additional_data: false, default_urgency: null, ...row.options };
  await tables.integrations.insert({ id: row.id, enabled: row.enabled !== false, auth, options });
}

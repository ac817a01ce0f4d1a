import { env } from "cloudflare:workers";
import type { PagertreeOptions } from "../../src/model/integration.ts";
import { createKeyRing } from "../../src/crypto/key-ring.ts";
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
  const keys = createKeyRing(Uint8Array.fromBase64(env.MASTER_KEY));
  const auth =
    row.token === undefined
      ? { type: "none" }
      : { type: "token", header: row.token_header ?? "pagertree-token", token_hash: await keys.hashToken(row.token) };
  const options = { capture_additional_data: false, default_urgency: null, ...row.options };
  await tables.integrations.insert({ id: row.id, enabled: row.enabled !== false, auth, options });
}

import { standardWebhooks } from "./standard-webhooks.ts";
import type { OutboundScheme } from "./scheme.ts";

/** Standard Webhooks with the gateway's Ed25519 key, which receivers check by its public half. */
export const standardWebhooksEd25519 = {
  key_source: { kind: "gateway" },
  sign: standardWebhooks.sign,
} satisfies OutboundScheme;

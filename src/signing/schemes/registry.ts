import type { Signing } from "../../model/destination.ts";
import { findIn, namesIn } from "../../model/registry.ts";
import { ok } from "../../model/result.ts";
import { asana } from "./asana.ts";
import { discord } from "./discord.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { grafana } from "./grafana.ts";
import { hmac, hmacSigning } from "./hmac.ts";
import { linear } from "./linear.ts";
import { mailgun } from "./mailgun.ts";
import { meta } from "./meta.ts";
import { oidc } from "./oidc.ts";
import { pagerduty } from "./pagerduty.ts";
import { rfc9421 } from "./rfc9421.ts";
import type { InboundScheme, OutboundScheme } from "./scheme.ts";
import { sendgrid } from "./sendgrid.ts";
import { sentry } from "./sentry.ts";
import { shopify } from "./shopify.ts";
import { slack } from "./slack.ts";
import { sns } from "./sns.ts";
import { standardWebhooksEd25519 } from "./standard-webhooks-ed25519.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import { stripe } from "./stripe.ts";
import { twilio } from "./twilio.ts";
import { zoom } from "./zoom.ts";

/** The schemes by which senders can sign, by name. */
export const INBOUND_SCHEMES = {
  asana,
  discord,
  github,
  gitlab,
  grafana,
  hmac,
  linear,
  mailgun,
  meta,
  oidc,
  pagerduty,
  sendgrid,
  sentry,
  shopify,
  slack,
  sns,
  "standard-webhooks": standardWebhooks,
  stripe,
  twilio,
  zoom,
} as const satisfies Record<string, InboundScheme>;

export type SignatureScheme = keyof typeof INBOUND_SCHEMES;

export const SIGNATURE_SCHEMES = namesIn(INBOUND_SCHEMES);

/** The schemes that need only a secret. */
export const PLAIN_SCHEMES = SIGNATURE_SCHEMES.filter((scheme) => INBOUND_SCHEMES[scheme].options === null);

/** Returns a scheme by its stored name; null if this version does not have it. */
export function inboundScheme(name: string): InboundScheme | null {
  return findIn<SignatureScheme, InboundScheme>(INBOUND_SCHEMES, name);
}

/** Returns whether the senders of a scheme bring their secret in a handshake, so that there may be none yet. */
export function learnsSecret(name: string): boolean {
  return inboundScheme(name)?.secret?.is_learned === true;
}

const UNSIGNED: OutboundScheme = { key_source: { kind: "nothing" }, sign: () => Promise.resolve(ok({})) };

/** Returns the scheme by which a destination wants its requests signed. */
export function outboundScheme(signing: Signing): OutboundScheme {
  switch (signing.scheme) {
    case "hmac":
      return hmacSigning(signing);
    case "none":
      return UNSIGNED;
    case "rfc9421":
      return rfc9421(signing);
    case "standard-webhooks":
      return standardWebhooks;
    case "standard-webhooks-ed25519":
      return standardWebhooksEd25519;
  }
}

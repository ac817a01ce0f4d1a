import type { JsonObject } from "../../client/index.ts";
import type { Draft } from "./draft.ts";
import type { Fields } from "./fields.ts";
import type { Notes } from "./notes.ts";

// How senders authenticate: `config.auth` of a source, by `config.auth_type` or the type of the source. Earlier versions of
// Hookdeck's API have `verification` with `type` and `configs`.

/** Types whose signature a scheme of ours checks, with the field of their secret. */
const SCHEMES: ReadonlyMap<string, readonly [scheme: string, field: string]> = new Map([
  ["DISCORD", ["discord", "public_key"]],
  ["FACEBOOK", ["meta", "webhook_secret_key"]],
  ["GITHUB", ["github", "webhook_secret_key"]],
  ["GITLAB", ["gitlab", "api_key"]],
  ["LINEAR", ["linear", "webhook_secret_key"]],
  ["MAILGUN", ["mailgun", "webhook_secret_key"]],
  ["OPENAI", ["standard-webhooks", "webhook_secret_key"]],
  ["REPLICATE", ["standard-webhooks", "webhook_secret_key"]],
  ["RESEND", ["standard-webhooks", "webhook_secret_key"]],
  ["SENDGRID", ["sendgrid", "webhook_secret_key"]],
  ["SHOPIFY", ["shopify", "webhook_secret_key"]],
  ["SLACK", ["slack", "webhook_secret_key"]],
  ["STRIPE", ["stripe", "webhook_secret_key"]],
  ["SVIX", ["standard-webhooks", "webhook_secret_key"]],
  ["TWILIO", ["twilio", "webhook_secret_key"]],
  ["WHATSAPP", ["meta", "webhook_secret_key"]],
  ["ZOOM", ["zoom", "webhook_secret_key"]],
]);

/** Types whose signature is an HMAC that `hmac` can say. */
const HMACS: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ["INTERCOM", { header: "x-hub-signature", algorithm: "sha1", encoding: "hex", prefix: "sha1=" }],
  ["PAYSTACK", { header: "x-paystack-signature", algorithm: "sha512", encoding: "hex" }],
  ["RAZORPAY", { header: "x-razorpay-signature", algorithm: "sha256", encoding: "hex" }],
  ["TYPEFORM", { header: "typeform-signature", algorithm: "sha256", encoding: "base64", prefix: "sha256=" }],
  ["VERCEL", { header: "x-vercel-signature", algorithm: "sha1", encoding: "hex" }],
  ["WOOCOMMERCE", { header: "x-wc-webhook-signature", algorithm: "sha256", encoding: "base64" }],
]);
const BASIC: ReadonlySet<string> = new Set(["BASIC_AUTH", "CHARGEBEE_BILLING", "GREENDOT", "PIPEDRIVE", "POSTMARK"]);
/** Types that are no authentication themselves. */
const OPEN: ReadonlySet<string> = new Set(["WEBHOOK", "HTTP"]);
const TOKENS: ReadonlySet<string> = new Set(["PUBLISH_API", "MANAGED", "HOOKDECK_OUTPOST"]);

/** `auth` of an integration; null if there is no counterpart, and the integration must not accept everything instead. */
export type SourceAuth = { readonly auth: JsonObject | null; readonly why?: string };

type Place = { readonly draft: Draft; readonly notes: Notes; readonly key: string; readonly subject: string };

function hmacFrom({ draft, notes, key, subject }: Place, auth: Fields): SourceAuth {
  const [algorithm, encoding] = [auth.text("algorithm") ?? "sha256", auth.text("encoding") ?? "hex"];
  if (algorithm === "md5" || encoding === "base64url") {
    return { auth: null, why: `Hookgate checks no HMAC with ${algorithm} in ${encoding}.` };
  }
  const header = auth.text("header_key");
  if (header === undefined) notes.left(subject, "header_key", "it is not in the file. X-Signature is assumed.");
  const secret = draft.secret("integration", key, "secret", auth.text("webhook_secret_key"));
  return {
    auth: {
      type: "signature",
      scheme: "hmac",
      ...(header === undefined ? {} : { header }),
      algorithm,
      encoding,
      secret,
    },
  };
}

/** Reads how senders authenticate to a source. */
export function sourceAuth(place: Place, type: string, auth: Fields, isAuthenticated: boolean): SourceAuth {
  const { draft, notes, key, subject } = place;
  const scheme = SCHEMES.get(type);
  const hmac = HMACS.get(type);
  const secretIn = (field: string) => draft.secret("integration", key, "secret", auth.text(field));
  const hasCredentials = isAuthenticated || auth.names().length > 0;
  if (TOKENS.has(type)) {
    notes.changed(subject, type, "senders authenticate with the bearer token that the gateway makes.");
    return { auth: { type: "bearer", token: draft.secret("integration", key, "token", auth.text("token")) } };
  }
  if (!hasCredentials) return { auth: { type: "none" } };
  if (scheme !== undefined) return { auth: { type: "signature", scheme: scheme[0], secret: secretIn(scheme[1]) } };
  if (hmac !== undefined) {
    return { auth: { type: "signature", scheme: "hmac", ...hmac, secret: secretIn("webhook_secret_key") } };
  }
  if (type === "AWS_SNS") return { auth: { type: "signature", scheme: "sns" } };
  if (type === "HMAC") return hmacFrom(place, auth);
  if (BASIC.has(type)) {
    const password = draft.secret("integration", key, "password", auth.text("password"));
    return { auth: { type: "basic", username: auth.text("username") ?? "hookdeck", password } };
  }
  if (type === "API_KEY") {
    const header = auth.text("header_key");
    const token = draft.secret("integration", key, "token", auth.text("api_key"));
    return { auth: { type: "token", ...(header === undefined ? {} : { header }), token } };
  }
  if (OPEN.has(type)) return { auth: null, why: "the file does not say how. Save it with include=config.auth." };
  return { auth: null, why: `Hookgate has no scheme for ${type}. Choose another one.` };
}

import type { IntegrationAuth, IntegrationAuthInput } from "../../client/index.ts";

type SignatureInput = Extract<IntegrationAuthInput, { readonly type: "signature" }>;
export type SchemeName = SignatureInput["scheme"];

/** The schemes whose senders publish their keys, so that no secret is shared. */
const PUBLISHED: ReadonlySet<string> = new Set(["oidc", "sns"]);

export function hasSecret(scheme: SchemeName): boolean {
  return !PUBLISHED.has(scheme);
}

/** Whether the sender brings the secret with its first request. */
export function learnsSecret(scheme: string): boolean {
  return scheme === "asana";
}

/** The signature schemes. `isIssued`: the vendor makes the secret, so the gateway cannot generate it. */
export const SCHEMES = [
  { value: "standard-webhooks", label: "Standard Webhooks", isIssued: false },
  { value: "hmac", label: "HMAC in a header", isIssued: false },
  { value: "asana", label: "Asana", isIssued: true },
  { value: "discord", label: "Discord", isIssued: true },
  { value: "github", label: "GitHub", isIssued: false },
  { value: "gitlab", label: "GitLab", isIssued: false },
  { value: "grafana", label: "Grafana", isIssued: false },
  { value: "linear", label: "Linear", isIssued: true },
  { value: "mailgun", label: "Mailgun", isIssued: true },
  { value: "meta", label: "Meta", isIssued: true },
  { value: "oidc", label: "OpenID Connect (Google Pub/Sub)", isIssued: true },
  { value: "pagerduty", label: "PagerDuty", isIssued: true },
  { value: "sendgrid", label: "SendGrid", isIssued: true },
  { value: "sentry", label: "Sentry", isIssued: true },
  { value: "shopify", label: "Shopify", isIssued: true },
  { value: "slack", label: "Slack", isIssued: true },
  { value: "sns", label: "Amazon SNS", isIssued: true },
  { value: "stripe", label: "Stripe", isIssued: true },
  { value: "twilio", label: "Twilio", isIssued: true },
  { value: "zoom", label: "Zoom", isIssued: true },
] as const satisfies readonly { readonly value: SchemeName; readonly label: string; readonly isIssued: boolean }[];

export const AUTH_TYPES = [
  { value: "none", label: "None: the URL is the secret" },
  { value: "token", label: "Token in a header" },
  { value: "bearer", label: "Bearer token" },
  { value: "basic", label: "User name and password" },
  { value: "signature", label: "Signature" },
] as const satisfies readonly { readonly value: IntegrationAuthInput["type"]; readonly label: string }[];

export const ALGORITHMS = ["sha256", "sha384", "sha512", "sha1"] as const;
export const ENCODINGS = ["hex", "base64"] as const;

/** The authentication of senders as its fields hold it. An empty secret keeps the stored one, or lets the gateway generate one. */
export type AuthDraft = {
  readonly type: IntegrationAuth["type"];
  readonly token_header: string;
  readonly token: string;
  readonly username: string;
  readonly password: string;
  readonly scheme: SchemeName;
  readonly secret: string;
  readonly verify_token: string;
  readonly header: string;
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly encoding: (typeof ENCODINGS)[number];
  readonly prefix: string;
  readonly template: string;
  readonly timestamp_header: string;
  readonly id_header: string;
  readonly signature_field: string;
  readonly timestamp_field: string;
  readonly issuer: string;
  readonly audience: string;
  readonly email: string;
  readonly topic_arn: string;
  readonly idempotent: boolean;
};

export const NO_AUTH: AuthDraft = {
  type: "none",
  token_header: "",
  token: "",
  username: "",
  password: "",
  scheme: "standard-webhooks",
  secret: "",
  verify_token: "",
  header: "",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  template: "",
  timestamp_header: "",
  id_header: "",
  signature_field: "",
  timestamp_field: "",
  issuer: "",
  audience: "",
  email: "",
  topic_arn: "",
  idempotent: false,
};

export function authDraftOf(auth: IntegrationAuth): AuthDraft {
  switch (auth.type) {
    case "none":
    case "bearer":
      return { ...NO_AUTH, type: auth.type };
    case "token":
      return { ...NO_AUTH, type: auth.type, token_header: auth.header };
    case "basic":
      return { ...NO_AUTH, type: auth.type, username: auth.username };
    case "signature":
      return {
        ...NO_AUTH,
        type: auth.type,
        scheme: SCHEMES.find(({ value }) => value === auth.scheme)?.value ?? NO_AUTH.scheme,
        header: auth.header ?? "",
        algorithm: auth.algorithm ?? NO_AUTH.algorithm,
        encoding: auth.encoding ?? NO_AUTH.encoding,
        prefix: auth.prefix ?? "",
        template: auth.template ?? "",
        timestamp_header: auth.timestamp_header ?? "",
        id_header: auth.id_header ?? "",
        signature_field: auth.signature_field ?? "",
        timestamp_field: auth.timestamp_field ?? "",
        issuer: auth.issuer ?? "",
        audience: auth.audience ?? "",
        email: auth.email ?? "",
        topic_arn: auth.topic_arn ?? "",
        idempotent: auth.idempotent ?? false,
      };
  }
}

/** Whether the gateway keeps the stored secret if the field of the secret is empty. */
export function keepsSecret(before: AuthDraft | null, draft: AuthDraft): boolean {
  if (before === null || before.type !== draft.type) return false;
  return draft.type !== "signature" || before.scheme === draft.scheme;
}

/** A text that was typed, under its name; nothing for an empty one. */
function given<const Name extends string>(name: Name, value: string): { readonly [Key in Name]?: string } {
  const picked: { [Key in Name]?: string } = {};
  if (value.trim() !== "") picked[name] = value.trim();
  return picked;
}

function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

function signatureOf(draft: AuthDraft): SignatureInput {
  const { scheme, algorithm, encoding, prefix, idempotent } = draft;
  const secret = given("secret", draft.secret);
  const header = given("header", draft.header);
  if (scheme === "hmac") {
    return {
      type: "signature",
      scheme,
      ...secret,
      ...header,
      algorithm,
      encoding,
      prefix,
      ...given("template", draft.template),
      timestamp_header: orNull(draft.timestamp_header),
      id_header: orNull(draft.id_header),
      signature_field: orNull(draft.signature_field),
      timestamp_field: orNull(draft.timestamp_field),
      idempotent,
    };
  }
  if (scheme === "grafana") {
    return { type: "signature", scheme, ...secret, ...header, timestamp_header: orNull(draft.timestamp_header) };
  }
  if (scheme === "stripe") {
    return { type: "signature", scheme, ...secret, ...header };
  }
  if (scheme === "asana" || scheme === "meta") {
    return { type: "signature", scheme, ...secret, ...given("verify_token", draft.verify_token) };
  }
  if (scheme === "oidc") {
    return {
      type: "signature",
      scheme,
      ...given("issuer", draft.issuer),
      audience: orNull(draft.audience),
      ...given("email", draft.email),
    };
  }
  if (scheme === "sns") {
    return { type: "signature", scheme, topic_arn: orNull(draft.topic_arn) };
  }
  // The other schemes have no options.
  return { type: "signature", scheme, ...secret };
}

/** Returns what the API accepts. A secret that was not typed is left out. */
export function authInputOf(draft: AuthDraft): IntegrationAuthInput {
  switch (draft.type) {
    case "none":
      return { type: "none" };
    case "token":
      return { type: "token", ...given("header", draft.token_header), ...given("token", draft.token) };
    case "bearer":
      return { type: "bearer", ...given("token", draft.token) };
    case "basic":
      return { type: "basic", username: draft.username, ...given("password", draft.password) };
    case "signature":
      return signatureOf(draft);
  }
}

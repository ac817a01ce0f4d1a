import { Button } from "@cloudflare/kumo/components/button";
import { METHODS } from "../../model/destination.ts";
import { SelectField, TextField } from "../forms/fields.tsx";
import { FormSection } from "../forms/form.tsx";
import type { AuthDraft } from "./auth-draft.ts";
import type { DestinationDraft } from "./draft.ts";
import type { AuthType } from "./kinds.ts";
import { ENCODINGS, HMAC_ALGORITHMS, RFC9421_ALGORITHMS, SIGNING_SCHEMES, type SigningDraft } from "./signing-draft.ts";

function optionsOf<const Value extends string>(values: readonly Value[], labels: Readonly<Record<Value, string>>) {
  return values.map((value) => ({ value, label: labels[value] }));
}

function plainOptions<const Value extends string>(values: readonly Value[]) {
  return values.map((value) => ({ value, label: value }));
}

const AUTH_NAMES = {
  none: "None",
  basic: "Basic",
  bearer: "Bearer token",
  aws_sigv4: "AWS Signature Version 4",
  oauth2_client_credentials: "OAuth 2 client credentials",
  oauth2_authorization_code: "OAuth 2 authorization code",
} as const;
const CLIENT_AUTH_NAMES = { basic: "In a header", post: "In the form" } as const;
const SCHEME_NAMES = {
  "standard-webhooks": "Standard Webhooks",
  "standard-webhooks-ed25519": "Standard Webhooks, Ed25519",
  rfc9421: "HTTP Message Signatures (RFC 9421)",
  hmac: "HMAC in a header",
  none: "None",
} as const;
const KEPT = "Empty keeps the stored one.";

type PartProps<Part> = { readonly draft: Part; readonly onChange: (draft: Part) => void; readonly isNew?: boolean };

type AuthProps = PartProps<AuthDraft> & { readonly types: readonly AuthType[] };

export function AuthFields({ draft, types, onChange, isNew = false }: AuthProps) {
  const isOAuth = draft.type === "oauth2_client_credentials" || draft.type === "oauth2_authorization_code";
  type Plain = "username" | "auth_url" | "token_url" | "client_id" | "scope" | "access_key_id" | "region" | "service";
  type Secret = "password" | "token" | "client_secret" | "secret_access_key" | "session_token";
  const field = (name: Plain, label: string, hint?: string) => (
    <TextField
      label={label}
      path={`auth.${name}`}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
      {...(hint === undefined ? {} : { hint })}
    />
  );
  const secret = (name: Secret, label: string) => (
    <TextField
      label={label}
      path={`auth.${name}`}
      type="password"
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
      {...(isNew ? {} : { hint: KEPT })}
    />
  );
  return (
    <FormSection title="Authentication">
      <SelectField
        label="Authentication"
        path="auth.type"
        value={draft.type}
        options={optionsOf(types, AUTH_NAMES)}
        onChange={(type) => onChange({ ...draft, type })}
      />
      {draft.type === "basic" ? field("username", "Username") : null}
      {draft.type === "basic" ? secret("password", "Password") : null}
      {draft.type === "bearer" ? secret("token", "Token") : null}
      {draft.type === "aws_sigv4" ? (
        <>
          {field("access_key_id", "Access key ID")}
          {secret("secret_access_key", "Secret access key")}
          {secret("session_token", "Session token")}
          {field("region", "Region")}
          {field("service", "Service", "Empty is s3 for storage, and execute-api for webhooks.")}
        </>
      ) : null}
      {draft.type === "oauth2_authorization_code" ? field("auth_url", "Authorization URL") : null}
      {isOAuth ? (
        <>
          {field("token_url", "Token URL")}
          {field("client_id", "Client ID")}
          {secret("client_secret", "Client secret")}
          {field("scope", "Scope")}
          <SelectField
            label="Client authentication"
            path="auth.client_auth"
            value={draft.client_auth}
            options={optionsOf(["basic", "post"], CLIENT_AUTH_NAMES)}
            onChange={(client_auth) => onChange({ ...draft, client_auth })}
          />
        </>
      ) : null}
    </FormSection>
  );
}

export function SigningFields({ draft, onChange, isNew = false }: PartProps<SigningDraft>) {
  const { scheme } = draft;
  const isKeyed =
    scheme === "standard-webhooks" ||
    scheme === "hmac" ||
    (scheme === "rfc9421" && draft.rfc9421_algorithm === "hmac-sha256");
  const field = (name: "header" | "prefix" | "template", label: string) => (
    <TextField
      label={label}
      path={`signing.${name}`}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  );
  return (
    <FormSection title="Signing" hint="The receiver verifies by the signature that a delivery is from this gateway.">
      <SelectField
        label="Scheme"
        path="signing.scheme"
        value={scheme}
        options={optionsOf(SIGNING_SCHEMES, SCHEME_NAMES)}
        onChange={(next) => onChange({ ...draft, scheme: next })}
      />
      {scheme === "rfc9421" ? (
        <SelectField
          label="Algorithm"
          path="signing.algorithm"
          value={draft.rfc9421_algorithm}
          options={plainOptions(RFC9421_ALGORITHMS)}
          onChange={(rfc9421_algorithm) => onChange({ ...draft, rfc9421_algorithm })}
        />
      ) : null}
      {scheme === "hmac" ? (
        <>
          {field("header", "Signature header")}
          <SelectField
            label="Algorithm"
            path="signing.algorithm"
            value={draft.algorithm}
            options={plainOptions(HMAC_ALGORITHMS)}
            onChange={(algorithm) => onChange({ ...draft, algorithm })}
          />
          <SelectField
            label="Encoding"
            path="signing.encoding"
            value={draft.encoding}
            options={plainOptions(ENCODINGS)}
            onChange={(encoding) => onChange({ ...draft, encoding })}
          />
          {field("prefix", "Prefix")}
          {field("template", "Signed text")}
        </>
      ) : null}
      {isKeyed ? (
        <TextField
          label="Signing secret"
          path="signing.secret"
          type="password"
          value={draft.secret}
          onChange={(secret) => onChange({ ...draft, secret })}
          hint={isNew ? "Empty lets the gateway generate one." : KEPT}
        />
      ) : null}
    </FormSection>
  );
}

type RequestProps = PartProps<DestinationDraft> & { readonly hasMethod: boolean };

export function RequestFields({ draft, hasMethod, onChange }: RequestProps) {
  const { headers } = draft;
  const set = (key: number, part: { readonly name?: string; readonly value?: string }): void =>
    onChange({ ...draft, headers: headers.map((header) => (header.key === key ? { ...header, ...part } : header)) });
  return (
    <FormSection title="Request">
      {hasMethod ? (
        <SelectField
          label="Method"
          path="method"
          value={draft.method}
          options={plainOptions(METHODS)}
          onChange={(method) => onChange({ ...draft, method })}
        />
      ) : null}
      {headers.map(({ key, name, value }, index) => (
        <div key={key} className="header-row">
          <TextField
            label={`Header ${index + 1}`}
            path={index === 0 ? "headers" : `headers.${name}`}
            value={name}
            onChange={(text) => set(key, { name: text })}
          />
          <TextField
            label={`Value ${index + 1}`}
            path={`headers.${name}`}
            value={value}
            onChange={(text) => set(key, { value: text })}
          />
          <Button
            variant="ghost"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => onChange({ ...draft, headers: headers.filter((header) => header.key !== key) })}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          variant="secondary"
          onClick={() => {
            const key = Math.max(-1, ...headers.map((header) => header.key)) + 1;
            onChange({ ...draft, headers: [...headers, { key, name: "", value: "" }] });
          }}
        >
          Add header
        </Button>
      </div>
      <TextField
        label="Forwarded headers"
        path="forward_headers"
        hint="Names of the sender’s headers to send along, separated by commas."
        value={draft.forward_headers}
        onChange={(forward_headers) => onChange({ ...draft, forward_headers })}
      />
    </FormSection>
  );
}

export function PolicyFields({ draft, onChange }: PartProps<DestinationDraft>) {
  type Name = "retry_schedule" | "timeout_ms" | "rate_requests" | "rate_seconds" | "max_concurrency";
  const field = (name: Name, label: string, hint: string, path: string = name) => (
    <TextField
      label={label}
      path={path}
      hint={hint}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  );
  return (
    <FormSection title="Delivery">
      {field("retry_schedule", "Retry schedule", "Delays such as 5s, 5m, 2h. Empty uses the gateway’s own schedule.")}
      {field("timeout_ms", "Timeout in ms", "From 1000 to 30000.")}
      {field("rate_requests", "Requests per period", "Empty sets no rate limit.", "rate_limit.requests")}
      {field("rate_seconds", "Period in seconds", "The period of the rate limit.", "rate_limit.period_seconds")}
      {field("max_concurrency", "Concurrent attempts", "Empty sets no limit.")}
    </FormSection>
  );
}

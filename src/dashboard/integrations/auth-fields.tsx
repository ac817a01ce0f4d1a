import { SelectField, SwitchField, TextField } from "../forms/fields.tsx";
import { FormSection } from "../forms/form.tsx";
import {
  ALGORITHMS,
  AUTH_TYPES,
  type AuthDraft,
  ENCODINGS,
  SCHEMES,
  hasSecret,
  keepsSecret,
  learnsSecret,
} from "./auth-draft.ts";

type AuthFieldsProps = {
  readonly draft: AuthDraft;
  readonly onChange: (draft: AuthDraft) => void;
  /** The stored authentication; null for a new integration. */
  readonly before: AuthDraft | null;
};

/** How senders prove who they are. */
export function AuthFields({ draft, onChange, before }: AuthFieldsProps) {
  const isIssued =
    draft.type === "signature" && SCHEMES.some(({ value, isIssued: is }) => is && value === draft.scheme);
  const secretHint = keepsSecret(before, draft)
    ? "Empty keeps the stored one."
    : draft.type === "signature" && learnsSecret(draft.scheme)
      ? "Empty learns it from the sender's first request. Enter that of a webhook that exists."
      : isIssued
        ? "The vendor issues it."
        : "Empty lets the gateway generate one. It is shown once.";
  const secret = (name: "token" | "password" | "secret", label: string) => (
    <TextField
      label={label}
      path={`auth.${name}`}
      type="password"
      hint={secretHint}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  );
  return (
    <FormSection title="Authentication" hint="What a request must prove before it is accepted.">
      <SelectField
        label="Authentication"
        path="auth.type"
        options={AUTH_TYPES}
        value={draft.type}
        onChange={(type) => onChange({ ...draft, type })}
      />
      {draft.type === "token" ? (
        <>
          <TextField
            label="Header"
            path="auth.header"
            placeholder="pagertree-token"
            value={draft.token_header}
            onChange={(token_header) => onChange({ ...draft, token_header })}
          />
          {secret("token", "Token")}
        </>
      ) : null}
      {draft.type === "bearer" ? secret("token", "Token") : null}
      {draft.type === "basic" ? (
        <>
          <TextField
            label="User name"
            path="auth.username"
            value={draft.username}
            onChange={(username) => onChange({ ...draft, username })}
            isRequired
          />
          {secret("password", "Password")}
        </>
      ) : null}
      {draft.type === "signature" ? (
        <>
          <SelectField
            label="Scheme"
            path="auth.scheme"
            options={SCHEMES}
            value={draft.scheme}
            onChange={(scheme) => onChange({ ...draft, scheme })}
          />
          {hasSecret(draft.scheme) ? secret("secret", "Signing secret") : null}
          <SchemeFields draft={draft} onChange={onChange} />
        </>
      ) : null}
    </FormSection>
  );
}

type TextName = {
  [Name in keyof AuthDraft]: string extends AuthDraft[Name] ? Name : never;
}[keyof AuthDraft];

/** The options of the schemes that have some. */
function SchemeFields({ draft, onChange }: Omit<AuthFieldsProps, "before">) {
  const field = (name: TextName, label: string, hint: string) => (
    <TextField
      label={label}
      path={`auth.${name}`}
      hint={hint}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  );
  if (draft.scheme === "hmac") {
    return (
      <>
        {field("header", "Signature header", "Empty is x-signature.")}
        <SelectField
          label="Algorithm"
          path="auth.algorithm"
          options={ALGORITHMS.map((value) => ({ value, label: value }))}
          value={draft.algorithm}
          onChange={(algorithm) => onChange({ ...draft, algorithm })}
        />
        <SelectField
          label="Encoding"
          path="auth.encoding"
          options={ENCODINGS.map((value) => ({ value, label: value }))}
          value={draft.encoding}
          onChange={(encoding) => onChange({ ...draft, encoding })}
        />
        {field("prefix", "Prefix", "What stands before the signature, such as sha256=.")}
        {field(
          "template",
          "Signed text",
          "Such as {{timestamp}}.{{body}}. Empty is the body, with the time if one is named.",
        )}
        {field("timestamp_header", "Time header", "Empty if no header has the time.")}
        {field("id_header", "Id header", "Empty if no header has an id that is signed.")}
        {field("signature_field", "Signature field", "Its name in a header such as t=…,v1=….")}
        {field("timestamp_field", "Time field", "The name of the time in that header.")}
        <SwitchField
          label="Equal bodies are one event"
          path="auth.idempotent"
          value={draft.idempotent}
          onChange={(idempotent) => onChange({ ...draft, idempotent })}
        />
      </>
    );
  }
  if (draft.scheme === "grafana") {
    return (
      <>
        {field("header", "Signature header", "Empty is x-grafana-alerting-signature.")}
        {field("timestamp_header", "Time header", "Empty if the contact point names none.")}
      </>
    );
  }
  if (draft.scheme === "stripe") {
    return field("header", "Signature header", "Empty is stripe-signature.");
  }
  if (draft.scheme === "asana" || draft.scheme === "meta") {
    return field("verify_token", "Verify token", "Empty keeps the stored one, or generates the first.");
  }
  if (draft.scheme === "oidc") {
    return (
      <>
        {field("email", "Service account", "The verified email that the tokens name, or their subject.")}
        {field("audience", "Audience", "Empty is the URL of the integration.")}
        {field("issuer", "Issuer", "Empty is Google.")}
      </>
    );
  }
  if (draft.scheme === "sns") {
    return field("topic_arn", "Topic", "The ARN of the only topic. Empty accepts every topic of Amazon SNS.");
  }
  return null;
}

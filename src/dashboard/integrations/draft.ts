import type {
  Integration,
  IntegrationChange,
  IntegrationHandshakeInput,
  IntegrationResponseInput,
} from "../../client/index.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";
import { readJson } from "../routes/filter/json-lines.ts";
import { type AuthDraft, authDraftOf, authInputOf } from "./auth-draft.ts";
import { type OptionsDraft, optionErrors, optionsDraftOf, optionsInputOf } from "./options-draft.ts";

/** An integration as the fields of its settings hold it. */
export type IntegrationDraft = {
  readonly name: string;
  readonly external_id: string;
  readonly enabled: boolean;
  readonly auth: AuthDraft;
  readonly options: OptionsDraft;
  readonly allowed_ips: string;
  readonly rate_requests: string;
  readonly rate_seconds: string;
  /** As JSON; empty for the usual response. */
  readonly response: string;
  /** As JSON; empty for none. */
  readonly handshake: string;
  /** The id; empty for none. */
  readonly transformation_id: string;
};

function jsonText(value: object | null): string {
  return value === null ? "" : writeJson(value, 2);
}

export function draftOf(integration: Integration): IntegrationDraft {
  const { name, external_id, enabled, allowed_ips, rate_limit, response, handshake } = integration;
  return {
    name,
    external_id: external_id ?? "",
    enabled,
    auth: authDraftOf(integration.auth),
    options: optionsDraftOf(integration),
    allowed_ips: (allowed_ips ?? []).join(", "),
    rate_requests: rate_limit === null ? "" : String(rate_limit.requests),
    rate_seconds: rate_limit === null ? "60" : String(rate_limit.period_seconds),
    response: jsonText(response),
    handshake: jsonText(handshake),
    transformation_id: integration.transformation_id ?? "",
  };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== "");
}

/** What the gateway could not see, because a text of the form cannot become what the API takes. */
export function localErrors(type: string, draft: IntegrationDraft): ReadonlyMap<string, string> {
  const errors = new Map(optionErrors(type, draft.options));
  if (Number.isNaN(Number(draft.rate_requests))) errors.set("rate_limit.requests", "must be a number");
  if (Number.isNaN(Number(draft.rate_seconds))) errors.set("rate_limit.period_seconds", "must be a number");
  for (const name of ["response", "handshake"] as const) {
    if (draft[name].trim() === "") continue;
    const read = readJson(draft[name]);
    if (!read.ok) errors.set(name, `line ${read.line}: ${read.message}`);
  }
  return errors;
}

// The gateway checks what these objects hold.

function responseOf(text: string): IntegrationResponseInput {
  if (text.trim() === "") return null;
  return parseJson<IntegrationResponseInput>(text);
}

function handshakeOf(text: string): IntegrationHandshakeInput {
  if (text.trim() === "") return null;
  return parseJson<IntegrationHandshakeInput>(text);
}

/** Returns what differs from `before`, as the API accepts it. */
export function changeOf(type: string, before: IntegrationDraft, after: IntegrationDraft): IntegrationChange {
  const isChanged = (...fields: readonly (keyof IntegrationDraft)[]): boolean =>
    fields.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const { name, external_id, enabled, auth, options, rate_requests, rate_seconds } = after;
  const ips = wordsOf(after.allowed_ips);
  return {
    ...(isChanged("name") && { name }),
    ...(isChanged("external_id") && { external_id: external_id === "" ? null : external_id }),
    ...(isChanged("enabled") && { enabled }),
    ...(isChanged("auth") && { auth: authInputOf(auth) }),
    ...(isChanged("options") && { options: optionsInputOf(type, options) }),
    ...(isChanged("allowed_ips") && { allowed_ips: ips.length === 0 ? null : ips }),
    ...(isChanged("rate_requests", "rate_seconds") && {
      rate_limit:
        rate_requests.trim() === "" ? null : { requests: Number(rate_requests), period_seconds: Number(rate_seconds) },
    }),
    ...(isChanged("response") && { response: responseOf(after.response) }),
    ...(isChanged("transformation_id") && {
      transformation_id: after.transformation_id === "" ? null : after.transformation_id,
    }),
    ...(isChanged("handshake") && { handshake: handshakeOf(after.handshake) }),
  };
}

import type { Destination, DestinationChange } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { type AuthDraft, authDraftOf, authInputOf } from "./auth-draft.ts";
import { readSchedule, scheduleText } from "./delays.ts";
import { type SigningDraft, signingDraftOf, signingInputOf } from "./signing-draft.ts";

export type HeaderDraft = { readonly key: number; readonly name: string; readonly value: string };

/** A destination as the fields of its settings hold it. */
export type DestinationDraft = {
  readonly name: string;
  readonly external_id: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly method: Destination["method"];
  readonly options: Readonly<Record<string, string>>;
  readonly headers: readonly HeaderDraft[];
  readonly forward_headers: string;
  readonly auth: AuthDraft;
  readonly signing: SigningDraft;
  readonly timeout_ms: string;
  readonly retry_schedule: string;
  readonly rate_requests: string;
  readonly rate_seconds: string;
  readonly max_concurrency: string;
  /** The id; empty for none. */
  readonly transformation_id: string;
};

function textsOf(options: Destination["options"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, typeof value === "string" ? value : writeJson(value)]),
  );
}

export function draftOf(destination: Destination): DestinationDraft {
  const { name, external_id, url, method, rate_limit, max_concurrency, timeout_ms } = destination;
  return {
    name,
    external_id: external_id ?? "",
    enabled: destination.enabled,
    url: url ?? "",
    method,
    options: textsOf(destination.options),
    headers: Object.entries(destination.headers).map(([header, value], key) => ({ key, name: header, value })),
    forward_headers: destination.forward_headers.join(", "),
    auth: authDraftOf(destination.auth),
    signing: signingDraftOf(destination.signing),
    timeout_ms: String(timeout_ms),
    retry_schedule: scheduleText(destination.retry_schedule),
    rate_requests: rate_limit === null ? "" : String(rate_limit.requests),
    rate_seconds: rate_limit === null ? "1" : String(rate_limit.period_seconds),
    max_concurrency: max_concurrency === null ? "" : String(max_concurrency),
    transformation_id: destination.transformation_id ?? "",
  };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== "");
}

/** A number of a field. A text that is no number becomes NaN, which JSON writes as null: callers check it first. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

/** What the gateway could not see, because a text of the form cannot become what the API takes. */
export function localErrors(draft: DestinationDraft): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  if (readSchedule(draft.retry_schedule) === undefined) {
    errors.set("retry_schedule", "must be delays such as 5s, 5m, 2h, separated by commas");
  }
  for (const path of ["timeout_ms", "max_concurrency"] as const) {
    if (Number.isNaN(numberOf(draft[path]))) errors.set(path, "must be a number");
  }
  if (Number.isNaN(numberOf(draft.rate_requests))) errors.set("rate_limit.requests", "must be a number");
  if (Number.isNaN(numberOf(draft.rate_seconds))) errors.set("rate_limit.period_seconds", "must be a number");
  const names = draft.headers.map(({ name }) => name.trim().toLowerCase());
  if (names.some((name, index) => name !== "" && names.indexOf(name) !== index)) {
    errors.set("headers", "must not name a header twice");
  }
  return errors;
}

/** Everything that the settings hold, as the API accepts it. Only what differs from `before` is sent. */
export function changeOf(before: DestinationDraft, after: DestinationDraft, isHttp: boolean): DestinationChange {
  const isChanged = (...fields: readonly (keyof DestinationDraft)[]): boolean =>
    fields.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const rate = numberOf(after.rate_requests);
  const { external_id, method } = after;
  return {
    ...(isChanged("name") && { name: after.name }),
    ...(isChanged("external_id") && { external_id: external_id === "" ? null : external_id }),
    ...(isChanged("enabled") && { enabled: after.enabled }),
    ...(isChanged("options") && { options: after.options }),
    ...(isHttp && isChanged("url") && { url: after.url.trim() }),
    ...(isHttp && isChanged("method") && { method }),
    ...(isChanged("headers") && {
      headers: Object.fromEntries(
        after.headers.filter(({ name }) => name.trim() !== "").map(({ name, value }) => [name.trim(), value]),
      ),
    }),
    ...(isChanged("forward_headers") && { forward_headers: wordsOf(after.forward_headers) }),
    ...(isChanged("auth") && { auth: authInputOf(after.auth) }),
    ...(isChanged("signing") && { signing: signingInputOf(after.signing) }),
    ...(isChanged("timeout_ms") && { timeout_ms: numberOf(after.timeout_ms) ?? 0 }),
    ...(isChanged("retry_schedule") && { retry_schedule: readSchedule(after.retry_schedule) ?? null }),
    ...(isChanged("rate_requests", "rate_seconds") && {
      rate_limit: rate === null ? null : { requests: rate, period_seconds: numberOf(after.rate_seconds) ?? 0 },
    }),
    ...(isChanged("transformation_id") && {
      transformation_id: after.transformation_id === "" ? null : after.transformation_id,
    }),
    ...(isChanged("max_concurrency") && { max_concurrency: numberOf(after.max_concurrency) }),
  };
}

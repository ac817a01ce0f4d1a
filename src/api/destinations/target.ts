import type { Provider } from "../../delivery/providers/provider.ts";
import { findProvider } from "../../delivery/providers/registry.ts";
import type { Destination } from "../../model/destination.ts";
import { type JsonObject, memberOf } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type AllowedUrl, type UrlRules, checkUrl } from "../../net/url-guard.ts";
import type { ApiRequest } from "../request.ts";
import { check } from "../field-errors.ts";

/** Where a destination delivers to: a URL for a webhook, options for the other types. */
type Target = Pick<Destination, "url" | "options">;

/** The fields of a request that name a target, or that only HTTP requests have. */
type GivenTarget = {
  readonly url?: string | undefined;
  readonly options?: JsonObject | undefined;
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly auth?: unknown;
  readonly signing?: unknown;
};
const WEBHOOK_FIELDS = ["url", "method", "headers", "auth", "signing"] as const;
const HTTP_FIELDS = ["url", "method", "signing"] as const;

type Errors = readonly FieldError[];

/** Whether a request contains anything that `resolveTarget` must check. */
export function namesTarget(type: string, given: GivenTarget): boolean {
  const provider = findProvider(type);
  const fields = provider?.is_http === true ? HTTP_FIELDS : WEBHOOK_FIELDS;
  const isChecked = (field: (typeof WEBHOOK_FIELDS)[number]): boolean => {
    if (field === "signing") return provider?.is_signed !== true;
    return field !== "method" || provider?.is_http !== true || provider.method !== undefined;
  };
  const checked = fields.filter(isChecked);
  return given.options !== undefined || checked.some((field) => given[field] !== undefined);
}

function resolveUrl(url: string | undefined, rules: UrlRules): Result<AllowedUrl, Errors> {
  if (url === undefined) return fail([{ path: "url", message: "is required" }]);
  const checked = checkUrl(url, rules);
  return checked.ok ? checked : fail([{ path: "url", message: checked.error }]);
}

/** Returns an error for each field with which requests of a type cannot be made. */
function misfitsOf(type: string, { method, is_signed }: Provider, given: GivenTarget): Errors {
  const errors: FieldError[] = [];
  if (method !== undefined && given.method !== undefined && given.method !== method) {
    errors.push({ path: "method", message: `must be ${method} for the type ${type}` });
  }
  if (!is_signed && given.signing !== undefined && memberOf(given.signing, "scheme") !== "none") {
    errors.push({ path: "signing", message: `is not accepted for the type ${type}` });
  }
  return errors;
}

/** Resolves the target of a destination. `stored` is the destination that is updated, null for a new one. */
export function resolveTarget(
  request: ApiRequest,
  type: string,
  given: GivenTarget,
  stored: Destination | null,
): Result<Target, Errors> {
  const provider = findProvider(type);
  if (provider === null) return fail([{ path: "type", message: "is not a type that this version supports" }]);
  const { env, settings } = request.context;
  const missing = provider.refuse(env, null);
  if (missing !== null) return fail([missing]);
  const options = check(provider.options, { ...stored?.options, ...given.options }, "options");
  if (provider.is_http) {
    const address = given.url ?? stored?.url;
    const rules = { allowPrivate: settings.allow_private_destinations, ownHosts: [request.url.host] };
    const url = resolveUrl(address, rules);
    const misfits = misfitsOf(type, provider, given);
    if (address === undefined || !url.ok || !options.ok || misfits.length > 0) {
      return fail([...(url.ok ? [] : url.error), ...(options.ok ? [] : options.error), ...misfits]);
    }
    const refused = provider.refuseAddress?.(url.value, options.value, rules) ?? null;
    return refused === null ? ok({ url: address, options: options.value }) : fail([refused]);
  }
  const misplaced = WEBHOOK_FIELDS.filter(
    (field) => given[field] !== undefined && !(field === "signing" && provider.is_signed),
  );
  const errors = misplaced.map((path) => ({
    path,
    message: `is accepted for webhooks only, not for the type ${type}`,
  }));
  if (!options.ok) return fail([...errors, ...options.error]);
  const refused = provider.refuse(env, options.value);
  const all = refused === null ? errors : [...errors, refused];
  return all.length === 0 ? ok({ url: "", options: options.value }) : fail(all);
}

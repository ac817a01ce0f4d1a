import type { Destination, DestinationOptions, DestinationType } from "../../model/destination.ts";
import type { JsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { findMailer, findQueue } from "../../platform/bindings.ts";
import type { ApiRequest } from "../endpoint.ts";
import { check } from "../field-errors.ts";
import { OPTIONS_BY_TYPE } from "./options.ts";

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

type Errors = readonly FieldError[];

/** Whether a request contains anything that `resolveTarget` must check. */
export function namesTarget(type: DestinationType, given: GivenTarget): boolean {
  const fields = type === "webhook" ? (["url"] as const) : WEBHOOK_FIELDS;
  return given.options !== undefined || fields.some((field) => given[field] !== undefined);
}

function resolveUrl({ context, url: own }: ApiRequest, url: string | undefined): Result<string, Errors> {
  if (url === undefined) return fail([{ path: "url", message: "is required" }]);
  const checked = checkUrl(url, {
    allowPrivate: context.settings.allow_private_destinations,
    ownHosts: [own.host],
  });
  return checked.ok ? ok(url) : fail([{ path: "url", message: checked.error }]);
}

/** The error of a type whose binding this gateway lacks; null if it lacks none. */
function missingBinding({ context }: ApiRequest, type: DestinationType): FieldError | null {
  if (type !== "email" || findMailer(context.env) !== null) return null;
  return { path: "type", message: 'cannot be "email": this gateway lacks the binding EMAIL (send_email)' };
}

function missingQueue({ context }: ApiRequest, given: DestinationOptions): FieldError | null {
  if (given.type !== "queue" || findQueue(context.env, given.binding) !== null) return null;
  return {
    path: "options.binding",
    message: "is not the name of a queue that is bound to this gateway for destinations",
  };
}

/** Resolves the target of a destination. `stored` is the destination that is updated, null for a new one. */
export function resolveTarget(
  request: ApiRequest,
  type: DestinationType,
  given: GivenTarget,
  stored: Destination | null,
): Result<Target, Errors> {
  const missing = missingBinding(request, type);
  if (missing !== null) return fail([missing]);
  const { type: _type, ...kept } = stored?.options ?? { type };
  const options = check(OPTIONS_BY_TYPE[type], { ...kept, ...given.options }, "options");
  if (type === "webhook") {
    const url = resolveUrl(request, given.url ?? stored?.url);
    if (url.ok && options.ok) return ok({ url: url.value, options: options.value });
    return fail([...(url.ok ? [] : url.error), ...(options.ok ? [] : options.error)]);
  }
  const misplaced = WEBHOOK_FIELDS.filter((field) => given[field] !== undefined);
  const errors = misplaced.map((path) => ({
    path,
    message: `is accepted for webhooks only, not for the type ${type}`,
  }));
  if (!options.ok) return fail([...errors, ...options.error]);
  const queueError = missingQueue(request, options.value);
  const all = queueError === null ? errors : [...errors, queueError];
  return all.length === 0 ? ok({ url: "", options: options.value }) : fail(all);
}

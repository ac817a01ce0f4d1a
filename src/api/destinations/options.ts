import * as z from "zod/mini";
import { cleanKey } from "../../delivery/providers/document-key.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { findMailer, findQueue } from "../../platform/bindings.ts";
import type { Destination, DestinationOptions, DestinationType } from "../../model/destination.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import type { Call } from "../call.ts";
import { check } from "../field-errors.ts";

/** What a type of destination needs to know, as it is given; what it has to be depends on the type. */
export const options = z.custom<JsonObject>(isJsonObject, "has to be an object");

/** Where a destination is: a URL for a webhook, options for other types. */
type Place = { readonly url: string; readonly options: DestinationOptions };

/** What is said only of a request over HTTP, beside the place itself. */
type GivenPlace = {
  readonly url?: string | undefined;
  readonly options?: JsonObject | undefined;
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly auth?: unknown;
  readonly signing?: unknown;
};
const OF_REQUESTS = ["url", "method", "headers", "auth", "signing"] as const;

const MAX_TEMPLATE = 2_000;
// The addresses of RFC 5322 that people have; no quotes, comments or names, which could say more than an address.
const ADDRESS = /^(?=.{3,254}$)[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;

const template = z.string().check(
  z.maxLength(MAX_TEMPLATE),
  z.refine((text) => text.trim() !== "", "may not be blank"),
  z.superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
  }),
);
const address = z.string().check(z.regex(ADDRESS, "has to be a mail address such as alerts@example.com"));

export const SCHEMAS = {
  webhook: z.pipe(
    z.strictObject({}),
    z.transform(() => ({ type: "webhook" }) as const),
  ),
  document: z.pipe(
    z.strictObject({
      key: template.check(z.refine((text) => text.trim() === "" || cleanKey(text) !== "", "has to name something")),
    }),
    z.transform(({ key }) => ({ type: "document", key }) as const),
  ),
  queue: z.pipe(
    z.strictObject({ binding: z.string().check(z.maxLength(100)) }),
    z.transform(({ binding }) => ({ type: "queue", binding }) as const),
  ),
  email: z.pipe(
    z.strictObject({
      from: address,
      to: address,
      subject: z._default(template, "{{ data.alert.title | default: type }}"),
    }),
    z.transform((given) => ({ type: "email", ...given }) as const),
  ),
} as const satisfies Record<DestinationType, z.ZodMiniType<DestinationOptions>>;

/** Whether a change says anything that `settlePlace` has to look at. */
export function namesPlace(type: DestinationType, given: GivenPlace): boolean {
  const ofPlace = type === "webhook" ? (["url"] as const) : OF_REQUESTS;
  return given.options !== undefined || ofPlace.some((field) => given[field] !== undefined);
}

type Faults = readonly FieldError[];

function settleUrl(call: Call, url: string | undefined): Result<string, Faults> {
  if (url === undefined) return fail([{ path: "url", message: "is required" }]);
  const checked = checkUrl(url, {
    allowPrivate: call.context.settings.allow_private_destinations,
    ownHosts: [call.url.host],
  });
  return checked.ok ? ok(url) : fail([{ path: "url", message: checked.error }]);
}

/** Why this gateway, with the bindings that it has, cannot have destinations of a type; null where it can. */
function missingBinding(call: Call, type: DestinationType): FieldError | null {
  if (type !== "email" || findMailer(call.context.env) !== null) return null;
  return { path: "type", message: 'cannot be "email": this gateway lacks the binding EMAIL (send_email)' };
}

function missingQueue(call: Call, given: DestinationOptions): FieldError | null {
  if (given.type !== "queue" || findQueue(call.context.env, given.binding) !== null) return null;
  return { path: "options.binding", message: "is not the name of a queue that is bound to this gateway for you" };
}

/** Settles where a destination of a type is; `stored` is the destination that is changed, null for a new one. */
export function settlePlace(
  call: Call,
  type: DestinationType,
  given: GivenPlace,
  stored: Destination | null,
): Result<Place, Faults> {
  const missing = missingBinding(call, type);
  if (missing !== null) return fail([missing]);
  const { type: _type, ...kept } = stored?.options ?? { type };
  const checked = check(SCHEMAS[type], { ...kept, ...given.options }, "options");
  if (type === "webhook") {
    const url = settleUrl(call, given.url ?? stored?.url);
    if (url.ok && checked.ok) return ok({ url: url.value, options: checked.value });
    return fail([...(url.ok ? [] : url.error), ...(checked.ok ? [] : checked.error)]);
  }
  const misplaced = OF_REQUESTS.filter((field) => given[field] !== undefined);
  const faults = misplaced.map((path) => ({ path, message: `is taken by webhooks only, not by the type ${type}` }));
  if (!checked.ok) return fail([...faults, ...checked.error]);
  const queueFault = missingQueue(call, checked.value);
  const all = queueFault === null ? faults : [...faults, queueFault];
  return all.length === 0 ? ok({ url: "", options: checked.value }) : fail(all);
}

/** What the API shows of a type's options. */
export function viewOptions({ type: _type, ...stored }: DestinationOptions): object {
  return stored;
}

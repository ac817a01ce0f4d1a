import * as z from "zod/mini";
import { cleanKey } from "../../delivery/providers/document-key.ts";
import type { DestinationOptions, DestinationType } from "../../model/destination.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import type { Shown } from "../endpoint.ts";
import { documentedAs, documentedWith, refTo, requestSchema } from "../schema.ts";

const MAX_TEMPLATE = 2_000;
// The addresses of RFC 5322 that people have. Quotes, comments and names could smuggle in more than one address.
const ADDRESS = /^(?=.{3,254}$)[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;

const template = z.string().check(
  z.maxLength(MAX_TEMPLATE),
  z.refine((text) => text.trim() !== "", "must not be blank"),
  z.superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
  }),
);
const address = documentedAs(z.string().check(z.regex(ADDRESS, "must be a mail address such as alerts@example.com")), {
  type: "string",
  format: "email",
});

// A change may omit options that are stored, so the document requires none.
const documentOptions = documentedWith(
  z.strictObject({
    key: template.check(z.refine((text) => text.trim() === "" || cleanKey(text) !== "", "must contain a name")),
  }),
  { required: [], description: "`key` is required." },
);
const queueOptions = documentedWith(z.strictObject({ binding: z.string().check(z.maxLength(100)) }), {
  required: [],
  description: "`binding` is required.",
});
const emailOptions = documentedWith(
  z.strictObject({
    from: address,
    to: address,
    subject: z._default(template, "{{ data.alert.title | default: type }}"),
  }),
  { required: [], description: "`from` and `to` are required." },
);

/** The options of each type, with the stored ones that the request omits. */
export const OPTIONS_BY_TYPE = {
  webhook: z.pipe(
    z.strictObject({}),
    z.transform(() => ({ type: "webhook" }) as const),
  ),
  document: requestSchema(
    "DocumentOptions",
    z.pipe(
      documentOptions,
      z.transform(({ key }) => ({ type: "document", key }) as const),
    ),
  ),
  queue: requestSchema(
    "QueueOptions",
    z.pipe(
      queueOptions,
      z.transform(({ binding }) => ({ type: "queue", binding }) as const),
    ),
  ),
  email: requestSchema(
    "EmailOptions",
    z.pipe(
      emailOptions,
      z.transform((given) => ({ type: "email", ...given }) as const),
    ),
  ),
} as const satisfies Record<DestinationType, z.ZodMiniType<DestinationOptions>>;

/** `options` in a request, which `OPTIONS_BY_TYPE` checks further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: [
    { type: "object", additionalProperties: false },
    refTo("DocumentOptions"),
    refTo("QueueOptions"),
    refTo("EmailOptions"),
  ],
  description: "By the destination's `type`. A change names only the options that it changes.",
});

/** `options` as the API shows them. */
export const shownOptions = z.strictObject({
  key: z.optional(z.string()),
  binding: z.optional(z.string()),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
  subject: z.optional(z.string()),
});

export function viewOptions({ type: _type, ...options }: DestinationOptions): Shown<typeof shownOptions> {
  return options;
}

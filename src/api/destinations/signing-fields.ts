import * as z from "zod/mini";
import { RFC9421_ALGORITHMS, SIGNING_SCHEMES } from "../../model/destination.ts";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import { headerName } from "../fields.ts";
import { OUTBOUND_PLACEHOLDERS } from "../../signing/template.ts";
import { hmacFields, hmacTemplate, shownHmac } from "../hmac-fields.ts";
import { RESERVED_HEADERS, RESERVED_PREFIX } from "../../model/reserved-headers.ts";
import { answerSchema, documentedWith, requestSchema } from "../schema.ts";
import { anySecret } from "./signing-secret.ts";

const USED_HEADERS = new Set([
  ...RESERVED_HEADERS,
  "content-type",
  "authorization",
  "proxy-authorization",
  "user-agent",
  GATEWAY_HEADER,
]);

const header = headerName.check(
  z.refine(
    (name) => !USED_HEADERS.has(name) && !name.startsWith(RESERVED_PREFIX) && name !== "__proto__",
    "is reserved: the gateway sends it with another meaning",
  ),
);

const secret = z.optional(anySecret);

/** `signing` in a request: how deliveries are signed. */
export const acceptedSigning = requestSchema(
  "DestinationSigningInput",
  documentedWith(
    z.discriminatedUnion(
      "scheme",
      [
        z.strictObject({ scheme: z.literal("standard-webhooks"), secret }),
        z.strictObject({ scheme: z.literal("standard-webhooks-ed25519") }),
        z.strictObject({ scheme: z.literal("rfc9421"), algorithm: z.optional(z.enum(RFC9421_ALGORITHMS)), secret }),
        z.strictObject({ ...hmacFields(header), template: hmacTemplate(OUTBOUND_PLACEHOLDERS), secret }),
        z.strictObject({ scheme: z.literal("none") }),
      ],
      { error: `must be an object whose scheme is one of ${SIGNING_SCHEMES.join(", ")}` },
    ),
    { description: "By default `standard-webhooks` with a generated secret." },
  ),
);
export type GivenSigning = z.output<typeof acceptedSigning>;

/** `signing` as the API shows it. */
export const shownSigning = answerSchema(
  "DestinationSigning",
  z.discriminatedUnion("scheme", [
    z.strictObject({ scheme: z.enum(["standard-webhooks", "standard-webhooks-ed25519", "none"]) }),
    z.strictObject({ scheme: z.literal("rfc9421"), algorithm: z.enum(RFC9421_ALGORITHMS) }),
    z.strictObject(shownHmac),
  ]),
);

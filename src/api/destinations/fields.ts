import * as z from "zod/mini";
import { DESTINATION_TYPES, METHODS } from "../../model/destination.ts";
import { auth } from "./auth.ts";
import { headers } from "./headers.ts";
import { options } from "./options.ts";
import { payload } from "./payload.ts";
import { signing } from "./signing.ts";
import { name, rateLimitOf } from "../fields.ts";

const fields = {
  type: z.optional(
    z.enum(DESTINATION_TYPES, {
      error: `has to be a type that this version supports: ${DESTINATION_TYPES.join(", ")}`,
    }),
  ),
  method: z.optional(z.enum(METHODS)),
  headers: z.optional(headers),
  auth: z.optional(auth),
  signing: z.optional(signing),
  payload: z.optional(payload),
  options: z.optional(options),
  timeout_ms: z.optional(z.int().check(z.minimum(1000), z.maximum(30_000))),
  retry_schedule: z.optional(
    z.nullable(z.array(z.int().check(z.minimum(1), z.maximum(86_400))).check(z.minLength(1), z.maxLength(50))),
  ),
  rate_limit: z.optional(rateLimitOf(100_000)),
  max_concurrency: z.optional(z.nullable(z.int().check(z.minimum(1), z.maximum(1_000)))),
  enabled: z.optional(z.boolean()),
};

const NAMES_NO_URL = new Set<unknown>(DESTINATION_TYPES.filter((type) => type !== "webhook"));

export const destinationCreation = z.strictObject({ name, url: z.optional(z.string()), ...fields }).check(
  // Told together with whatever else is wrong, so it is looked at also where the rest did not pass.
  z.refine(({ type, url }) => url !== undefined || NAMES_NO_URL.has(type), {
    path: ["url"],
    message: "is required",
    when: () => true,
  }),
);
export const destinationChange = z.strictObject({
  name: z.optional(name),
  url: z.optional(z.string()),
  ...fields,
});

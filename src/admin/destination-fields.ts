import * as z from "zod";
import { DESTINATION_TYPES, METHODS } from "../model/destination.ts";
import { auth } from "./destination-auth.ts";
import { headers } from "./destination-headers.ts";
import { options } from "./destination-options.ts";
import { payload } from "./destination-payload.ts";
import { signing } from "./destination-signing.ts";
import { name } from "./fields.ts";

const fields = {
  type: z
    .enum(DESTINATION_TYPES, {
      error: `has to be a type that this version supports: ${DESTINATION_TYPES.join(", ")}`,
    })
    .optional(),
  method: z.enum(METHODS).optional(),
  headers: headers.optional(),
  auth: auth.optional(),
  signing: signing.optional(),
  payload: payload.optional(),
  options: options.optional(),
  timeout_ms: z.int().min(1000).max(30_000).optional(),
  retry_schedule: z.array(z.int().min(1).max(86_400)).min(1).max(50).nullable().optional(),
  rate_limit: z
    .strictObject({ requests: z.int().min(1).max(100_000), period_seconds: z.int().min(1).max(86_400) })
    .nullable()
    .optional(),
  max_concurrency: z.int().min(1).max(1_000).nullable().optional(),
  enabled: z.boolean().optional(),
};

const NAMES_NO_URL = new Set<unknown>(DESTINATION_TYPES.filter((type) => type !== "webhook"));

export const destinationCreation = z
  .strictObject({ name, url: z.string().optional(), ...fields })
  // Told together with whatever else is wrong, so it is looked at also where the rest did not pass.
  .refine(({ type, url }) => url !== undefined || NAMES_NO_URL.has(type), {
    path: ["url"],
    message: "is required",
    when: () => true,
  });
export const destinationChange = z.strictObject({
  name: name.optional(),
  url: z.string().optional(),
  ...fields,
});

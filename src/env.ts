import * as z from "zod";
import { LONGEST_DELAY_SECONDS } from "./model/delivery.ts";

/** The bindings of wrangler.toml; `npm run types` writes their types. */
export type Env = Cloudflare.Env;

/** The variables of the environment, checked once for an isolate. */
export type Settings = {
  readonly admin_token: string;
  /** 32 bytes that seal secrets at rest. */
  readonly master_key: Uint8Array<ArrayBuffer>;
  readonly allow_private_destinations: boolean;
  readonly accept_durability: "queue" | "outbox";
  /** Seconds before attempts 2, 3, … */
  readonly retry_schedule: readonly number[];
  readonly retention_days: number;
  /** How long a destination may fail without a success before it is turned off. */
  readonly disable_after_seconds: number;
};

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

const variables = z.object({
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "has to be at least 16 printable ASCII characters, without spaces"),
  MASTER_KEY: z
    .string()
    .transform(decodeBase64)
    .refine((key) => key?.length === 32, "has to be 32 bytes, written in base64"),
  ALLOW_PRIVATE_DESTINATIONS: z.enum(["true", "false"]).default("false"),
  ACCEPT_DURABILITY: z.enum(["queue", "outbox"]).default("queue"),
  RETRY_SCHEDULE: z
    .string()
    .transform((text) => text.split(",").map((part) => Number(part.trim() || "NaN")))
    .pipe(z.array(z.int().min(1).max(LONGEST_DELAY_SECONDS)).min(1)),
  DISABLE_AFTER_SECONDS: z.coerce.number().int().min(60).max(31_536_000).default(432_000),
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
});

/** Reads the variables; throws an error that names each one that is missing or wrong, never its value. */
export function readSettings(env: Env): Settings {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not complete. ${faults.join("; ")}`);
  }
  const { data } = parsed;
  return {
    admin_token: data.ADMIN_TOKEN,
    master_key: data.MASTER_KEY ?? new Uint8Array(0),
    allow_private_destinations: data.ALLOW_PRIVATE_DESTINATIONS === "true",
    accept_durability: data.ACCEPT_DURABILITY,
    retry_schedule: data.RETRY_SCHEDULE,
    retention_days: data.RETENTION_DAYS,
    disable_after_seconds: data.DISABLE_AFTER_SECONDS,
  };
}

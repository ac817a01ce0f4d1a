import * as z from "zod/mini";
import { describeIssue } from "./model/field-message.ts";
import { lazy } from "./model/lazy.ts";
import type { FieldError } from "./model/result.ts";
import type { Scope } from "./model/token.ts";
import { MAX_DELAY_SECONDS, MAX_MESSAGE_BYTES } from "./platform/limits.ts";

/** The variables of the environment, checked once for an isolate. */
export type Settings = {
  readonly admin_token: string;
  /** 32 bytes that wrap the keys of the gateway. */
  readonly master_key: Uint8Array<ArrayBuffer>;
  /** The master key before, while it is being rotated. */
  readonly master_key_previous: Uint8Array<ArrayBuffer> | null;
  readonly allow_private_destinations: boolean;
  readonly accept_durability: "queue" | "outbox";
  /** The seconds before attempts 2, 3, … */
  readonly retry_schedule: readonly number[];
  readonly retention_days: number;
  /** How long a final event stays in D1 before it moves to a segment in R2; null if none moves. */
  readonly hot_hours: number | null;
  /** An event whose message is longer is stored in R2, and in the database by reference. */
  readonly event_row_bytes: number;
  /** How long a destination may fail without a success before it is disabled. */
  readonly disable_after_seconds: number;
  /** The plan of the account, which bounds what one invocation may do. */
  readonly plan: "free" | "paid";
  /** How Cloudflare Access signs users in; null if it does not. */
  readonly access: AccessSettings | null;
};

export type AccessSettings = {
  /** The issuer of its tokens, such as `https://acme.cloudflareaccess.com`. */
  readonly issuer: string;
  /** The tag of the Access application. */
  readonly audience: string;
  /** The emails and groups that have each scope; `*` stands for everybody whom Access lets in. */
  readonly roles: Readonly<Record<Scope, readonly string[]>>;
};

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

const TEAM_DOMAIN = /^(?:https:\/\/)?([a-z0-9-]{1,63}\.cloudflareaccess\.com)\/?$/;

/** Reads `ACCESS_ROLES`; null if it has another form. */
function parseRoles(text: string): AccessSettings["roles"] | null {
  const names = z._default(z.array(z.string().check(z.minLength(1))), []);
  const roles = z.strictObject({ read: names, write: names, admin: names });
  try {
    return roles.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const masterKey = lazy(() =>
  z
    .pipe(z.string(), z.transform(decodeBase64))
    .check(z.refine((key) => key?.length === 32, "must be 32 bytes in base64")),
);

const variables = lazy(() =>
  z
    .object({
      ADMIN_TOKEN: z
        .string()
        .check(z.regex(/^[\x21-\x7e]{16,}$/, "must be at least 16 printable ASCII characters without spaces")),
      MASTER_KEY: masterKey(),
      // A variable that is set to nothing counts as not set.
      MASTER_KEY_PREVIOUS: z.optional(
        z.union([
          z.pipe(
            z.literal(""),
            z.transform(() => null),
          ),
          masterKey(),
        ]),
      ),
      ALLOW_PRIVATE_DESTINATIONS: z._default(z.enum(["true", "false"]), "false"),
      ACCEPT_DURABILITY: z._default(z.enum(["queue", "outbox"]), "queue"),
      RETRY_SCHEDULE: z.pipe(
        z.pipe(
          z.string(),
          z.transform((text) => text.split(",").map((part) => Number(part.trim() || "NaN"))),
        ),
        z.array(z.int().check(z.minimum(1), z.maximum(MAX_DELAY_SECONDS))).check(z.minLength(1)),
      ),
      DISABLE_AFTER_SECONDS: z._default(
        z.coerce.number().check(z.int(), z.minimum(60), z.maximum(31_536_000)),
        432_000,
      ),
      EVENT_ROW_BYTES: z._default(
        z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_MESSAGE_BYTES)),
        MAX_MESSAGE_BYTES,
      ),
      RETENTION_DAYS: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(3650)), 30),
      // Set to nothing, no event moves.
      HOT_HOURS: z._default(
        z.union([
          z.pipe(
            z.literal(""),
            z.transform(() => null),
          ),
          z.coerce.number().check(z.int(), z.minimum(0), z.maximum(8760)),
        ]),
        48,
      ),
      HOOKGATE_PLAN: z._default(z.enum(["", "free", "paid"]), ""),
      ACCESS_TEAM_DOMAIN: z._default(
        z
          .string()
          .check(z.refine((text) => text === "" || TEAM_DOMAIN.test(text), "must be TEAM.cloudflareaccess.com")),
        "",
      ),
      ACCESS_AUD: z._default(
        z.string().check(z.regex(/^$|^[0-9a-f]{64}$/, "must be the 64 hex digits of the application's AUD tag")),
        "",
      ),
      ACCESS_ROLES: z._default(
        z
          .string()
          .check(
            z.refine(
              (text) => text === "" || parseRoles(text) !== null,
              'must be JSON such as {"admin":["a@example.com"],"read":["*"]}',
            ),
          ),
        "",
      ),
    })
    .check(
      z.refine((given) => (given.ACCESS_TEAM_DOMAIN === "") === (given.ACCESS_AUD === ""), {
        path: ["ACCESS_AUD"],
        message: "must be set if ACCESS_TEAM_DOMAIN is, and only then",
      }),
    ),
);

function parseVariables(env: Cloudflare.Env) {
  return variables().safeParse(env, { error: describeIssue });
}

/** Returns each variable that is missing or wrong, and never its value. */
export function settingsFaults(env: Cloudflare.Env): readonly FieldError[] {
  const issues = parseVariables(env).error?.issues ?? [];
  return issues.map(({ path: [name = ""], message }) => ({ path: String(name), message }));
}

function accessOf(data: {
  readonly ACCESS_TEAM_DOMAIN: string;
  readonly ACCESS_AUD: string;
  readonly ACCESS_ROLES: string;
}): AccessSettings | null {
  const [, host] = TEAM_DOMAIN.exec(data.ACCESS_TEAM_DOMAIN) ?? [];
  if (host === undefined) return null;
  const roles = parseRoles(data.ACCESS_ROLES || '{"read":["*"]}');
  return roles === null ? null : { issuer: `https://${host}`, audience: data.ACCESS_AUD, roles };
}

/** Reads the variables. Throws an error that names each variable that is missing or wrong, and never its value. */
export function readSettings(env: Cloudflare.Env): Settings {
  const { data } = parseVariables(env);
  if (data === undefined) {
    const faults = settingsFaults(env).map(({ path, message }) => `${path}: ${message}`);
    throw new Error(`The environment is incomplete. ${faults.join("; ")}`);
  }
  return {
    admin_token: data.ADMIN_TOKEN,
    master_key: data.MASTER_KEY ?? new Uint8Array(0),
    master_key_previous: data.MASTER_KEY_PREVIOUS ?? null,
    allow_private_destinations: data.ALLOW_PRIVATE_DESTINATIONS === "true",
    accept_durability: data.ACCEPT_DURABILITY,
    retry_schedule: data.RETRY_SCHEDULE,
    retention_days: data.RETENTION_DAYS,
    hot_hours: data.HOT_HOURS,
    event_row_bytes: data.EVENT_ROW_BYTES,
    disable_after_seconds: data.DISABLE_AFTER_SECONDS,
    plan: data.HOOKGATE_PLAN === "free" ? "free" : "paid",
    access: accessOf(data),
  };
}

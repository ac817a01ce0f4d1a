import type { JsonObject } from "../../client/index.ts";
import type { Draft } from "./draft.ts";
import { Fields } from "./fields.ts";
import { headersFrom } from "./headers.ts";
import type { Notes } from "./notes.ts";

// How Hookdeck authenticates to a destination: `config.auth` by `config.auth_type`. Earlier versions of its API have `auth_method`
// with `type` and `config`.

const SIGNING_SECRET = "HOOKDECK_SIGNING_SECRET";
const METHODS: readonly string[] = ["POST", "PUT", "PATCH", "GET", "DELETE"];
const PERIODS: ReadonlyMap<string, number> = new Map([
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
]);
const MAX_REQUESTS = 100_000;
const MAX_CONCURRENCY = 1_000;

export type Place = { readonly draft: Draft; readonly notes: Notes; readonly key: string; readonly subject: string };

/** What the authentication of a destination adds to its entry. `isOff` if nothing can be sent without it. */
type Auth = { readonly entry: JsonObject; readonly isOff: boolean };

const UNSIGNED = { signing: { scheme: "none" } } as const;

function clientOf({ draft, notes, key, subject }: Place, auth: Fields): JsonObject {
  const type = auth.text("authentication_type") ?? "basic";
  if (type === "bearer") notes.changed(subject, "authentication_type", "the client authenticates with basic.");
  const scope = auth.text("scope");
  return {
    token_url: auth.required("auth_server"),
    client_id: auth.required("client_id"),
    client_auth: type === "x-www-form-urlencoded" ? "post" : "basic",
    ...(scope === undefined ? {} : { scope }),
    client_secret: draft.secret("destination", key, "client_secret", auth.text("client_secret")),
  };
}

function apiKeyOf({ draft, notes, key, subject }: Place, auth: Fields): Auth {
  const name = auth.text("key");
  const value = auth.text("api_key");
  if (auth.text("to") === "query" || name === undefined) {
    notes.left(subject, "api_key", "a key in the query would stand in the URL. The destination is disabled.");
    return { entry: UNSIGNED, isOff: true };
  }
  const given = new Map(value === undefined ? [] : [[name, value]]);
  return { entry: { ...UNSIGNED, headers: headersFrom(draft, notes, subject, key, given, [name]) }, isOff: false };
}

function authOf(at: Place, type: string, auth: Fields): Auth {
  const { draft, notes, key, subject } = at;
  switch (type) {
    case "":
    case "HOOKDECK_SIGNATURE": {
      const secret = draft.sharedSecret(SIGNING_SECRET);
      const format = { header: "x-hookdeck-signature", algorithm: "sha256", encoding: "base64", template: "{{body}}" };
      return { entry: { signing: { scheme: "hmac", ...format, secret } }, isOff: false };
    }
    case "CUSTOM_SIGNATURE": {
      const secret = draft.secret("destination", key, "signing_secret", auth.text("signing_secret"));
      notes.changed(
        subject,
        "CUSTOM_SIGNATURE",
        "HMAC with SHA-256 over the body, in base64. Check what your server expects.",
      );
      const format = { algorithm: "sha256", encoding: "base64", template: "{{body}}" };
      return { entry: { signing: { scheme: "hmac", header: auth.required("key"), ...format, secret } }, isOff: false };
    }
    case "BASIC_AUTH": {
      const password = draft.secret("destination", key, "password", auth.text("password"));
      return {
        entry: { ...UNSIGNED, auth: { type: "basic", username: auth.text("username") ?? "", password } },
        isOff: false,
      };
    }
    case "BEARER_TOKEN": {
      const token = draft.secret("destination", key, "token", auth.text("token"));
      return { entry: { ...UNSIGNED, auth: { type: "bearer", token } }, isOff: false };
    }
    case "API_KEY":
      return apiKeyOf(at, auth);
    case "OAUTH2_CLIENT_CREDENTIALS":
      return {
        entry: { ...UNSIGNED, auth: { type: "oauth2_client_credentials", ...clientOf(at, auth) } },
        isOff: false,
      };
    default:
      notes.left(subject, type, "Hookgate cannot authenticate like this by a file. The destination is disabled.");
      return { entry: UNSIGNED, isOff: true };
  }
}

function limitOf({ notes, subject }: Place, config: Fields): JsonObject {
  const rate = config.number("rate_limit");
  const period = config.text("rate_limit_period") ?? "second";
  if (rate === undefined || rate === 0) return {};
  const requests = Math.max(1, Math.floor(rate));
  const seconds = PERIODS.get(period);
  if (period === "concurrent") return { max_concurrency: Math.min(MAX_CONCURRENCY, requests) };
  if (seconds === undefined) {
    notes.left(subject, "rate_limit_period", "Hookgate knows second, minute, hour and concurrent.");
    return {};
  }
  if (requests !== rate) notes.changed(subject, "rate_limit", `it is ${requests} in a ${period}.`);
  return { rate_limit: { requests: Math.min(MAX_REQUESTS, requests), period_seconds: seconds } };
}

/** The fields of a destination that Hookdeck calls by HTTP. `config` is `config`, or the destination itself in earlier versions. */
export function httpDestination(at: Place, config: Fields): { readonly entry: JsonObject; readonly isOff: boolean } {
  const { notes, subject } = at;
  const method = config.text("http_method");
  if (method !== undefined && !METHODS.includes(method)) {
    notes.changed(subject, "http_method", `Hookgate sends POST, not ${method}.`);
  }
  if (!config.flag("path_forwarding_disabled")) {
    notes.left(
      subject,
      "path forwarding",
      "Hookgate calls the URL as it is, without the path and the query of the sender.",
    );
  }
  const earlier = config.object("auth_method");
  const type = earlier?.text("type") ?? config.text("auth_type") ?? "";
  const auth = (earlier === undefined ? config.object("auth") : earlier.object("config")) ?? new Fields(subject, {});
  const { entry, isOff } = authOf(at, type, auth);
  auth.rest(notes, subject, () => "Hookgate has no such field of an authentication.");
  return {
    entry: {
      url: config.required("url"),
      ...(method !== undefined && method !== "POST" && METHODS.includes(method) ? { method } : {}),
      payload: { mode: "original" },
      ...limitOf(at, config),
      ...entry,
    },
    isOff,
  };
}

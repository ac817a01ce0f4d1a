import type { SignatureSettings } from "../../src/model/integration-auth.ts";

// How senders sign, written from their documentation and sharing nothing with the code that verifies.

export type SignedRequest = { readonly method: string; readonly url: string; readonly headers: Record<string, string> };

/** A sender with a secret of its own. */
export type Signer = {
  /** What is entered here to verify what it sends. */
  readonly secret: string;
  /** The raw signature of a body, sent at a time in seconds. */
  readonly sign: (body: Uint8Array, at: number) => Promise<Uint8Array>;
};

export type Sender = {
  readonly name: string;
  readonly settings: SignatureSettings;
  readonly encoding: "hex" | "base64";
  /** The header that holds the signature. */
  readonly header: string;
  readonly is_timestamped: boolean;
  /** Whether one header may hold several signatures. */
  readonly takes_several: boolean;
  readonly create: (seed: string) => Promise<Signer>;
  /** A request with these signatures, spelled as the scheme wants them or not. */
  readonly request: (signatures: readonly string[], body: Uint8Array, at: number) => Promise<SignedRequest>;
  readonly body: (at: number) => string;
};

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

async function macOf(hash: string, key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

async function sha256Hex(message: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", message)).toHex();
}

function after(head: string, body: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytesOf(head), ...body]);
}

const URL_OF_INTEGRATION = "https://gate.example.net/integration/int_1";
// Spaces, an escape and a number that JSON.stringify would write otherwise.
const jsonBody = (at: number): string => `{ "webhookTimestamp": ${at * 1_000}, "name":"J\\u00fcrgen", "amount": 1.50 }`;

const post = (headers: Record<string, string>, url = URL_OF_INTEGRATION): Promise<SignedRequest> =>
  Promise.resolve({ method: "POST", url, headers: { "content-type": "application/json", ...headers } });

const byText =
  (hash: string, head: (at: number) => string): Sender["create"] =>
  (seed) => {
    const secret = `shared-${seed}-0123456789`;
    return Promise.resolve({ secret, sign: (body, at) => macOf(hash, bytesOf(secret), after(head(at), body)) });
  };

const nothing = (): string => "";
const HEX = { encoding: "hex", body: jsonBody, takes_several: false } as const;

function simple(
  scheme: "github" | "sentry" | "linear" | "pagerduty",
  header: string,
  prefix: string,
  takes_several = false,
): Sender {
  return {
    ...HEX,
    name: scheme,
    settings: { scheme },
    header,
    takes_several,
    is_timestamped: scheme === "linear",
    create: byText("SHA-256", nothing),
    request: (signatures) => post({ [header]: signatures.map((each) => prefix + each).join(",") }),
  };
}

function colonSeparated(scheme: "slack" | "zoom", header: string, timestampHeader: string): Sender {
  return {
    ...HEX,
    name: scheme,
    settings: { scheme },
    header,
    is_timestamped: true,
    create: byText("SHA-256", (at) => `v0:${at}:`),
    request: ([signature], _, at) => post({ [header]: `v0=${signature}`, [timestampHeader]: String(at) }),
  };
}

function standardWebhooks(family: "webhook" | "svix"): Sender {
  return {
    name: `standard-webhooks as ${family}-…`,
    settings: { scheme: "standard-webhooks" },
    encoding: "base64",
    header: `${family}-signature`,
    is_timestamped: true,
    takes_several: true,
    create: async (seed) => {
      const key = Uint8Array.fromHex(await sha256Hex(bytesOf(seed)));
      const sign: Signer["sign"] = (body, at) => macOf("SHA-256", key, after(`msg_1.${at}.`, body));
      return { secret: `whsec_${key.toBase64()}`, sign };
    },
    request: (signatures, _, at) =>
      post({
        [`${family}-id`]: "msg_1",
        [`${family}-timestamp`]: String(at),
        [`${family}-signature`]: signatures.map((each) => `v1,${each}`).join(" "),
      }),
    body: jsonBody,
  };
}

async function ed25519(form: (publicKey: Uint8Array) => string, head: (at: number) => string): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no key pair");
  const exported = await crypto.subtle.exportKey("raw", pair.publicKey);
  if (!(exported instanceof ArrayBuffer)) throw new Error("no raw key");
  return {
    secret: form(new Uint8Array(exported)),
    sign: async (body, at) =>
      new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, after(head(at), body))),
  };
}

const twilioUrl = async (body: Uint8Array): Promise<string> => {
  return `${URL_OF_INTEGRATION}?site=b&bodySHA256=${await sha256Hex(body)}`;
};

/** Every scheme that signs the body. */
export const SENDERS: readonly Sender[] = [
  standardWebhooks("webhook"),
  standardWebhooks("svix"),
  {
    ...standardWebhooks("webhook"),
    name: "standard-webhooks with a public key",
    create: () =>
      ed25519(
        (key) => `whpk_${key.toBase64()}`,
        (at) => `msg_1.${at}.`,
      ),
    request: (signatures, _, at) =>
      post({
        "webhook-id": "msg_1",
        "webhook-timestamp": String(at),
        "webhook-signature": signatures.map((each) => `v1a,${each}`).join(" "),
      }),
  },
  simple("github", "x-hub-signature-256", "sha256="),
  {
    ...simple("github", "x-hub-signature-256", "sha256="),
    name: "meta",
    settings: { scheme: "meta", verify_token_hash: "" },
  },
  {
    ...HEX,
    name: "stripe",
    settings: { scheme: "stripe" },
    header: "stripe-signature",
    is_timestamped: true,
    takes_several: true,
    create: byText("SHA-256", (at) => `${at}.`),
    request: (signatures, _, at) =>
      post({ "stripe-signature": [`t=${at}`, ...signatures.map((each) => `v1=${each}`), "v0=6ffb"].join(",") }),
  },
  colonSeparated("slack", "x-slack-signature", "x-slack-request-timestamp"),
  colonSeparated("zoom", "x-zm-signature", "x-zm-request-timestamp"),
  {
    ...HEX,
    name: "shopify",
    settings: { scheme: "shopify" },
    encoding: "base64",
    header: "x-shopify-hmac-sha256",
    is_timestamped: false,
    create: byText("SHA-256", nothing),
    request: ([signature = ""]) => post({ "x-shopify-hmac-sha256": signature }),
  },
  simple("pagerduty", "x-pagerduty-signature", "v1=", true),
  simple("sentry", "sentry-hook-signature", ""),
  simple("linear", "linear-signature", ""),
  {
    ...HEX,
    name: "grafana without a time",
    settings: { scheme: "grafana", header: "x-grafana-alerting-signature", timestamp_header: null },
    header: "x-grafana-alerting-signature",
    is_timestamped: false,
    create: byText("SHA-256", nothing),
    request: ([signature = ""]) => post({ "x-grafana-alerting-signature": signature }),
  },
  {
    ...HEX,
    name: "grafana with a time",
    settings: { scheme: "grafana", header: "x-alert-signature", timestamp_header: "x-alert-time" },
    header: "x-alert-signature",
    is_timestamped: true,
    create: byText("SHA-256", (at) => `${at}:`),
    request: ([signature = ""], _, at) => post({ "x-alert-signature": signature, "x-alert-time": String(at) }),
  },
  {
    ...HEX,
    name: "discord",
    settings: { scheme: "discord" },
    header: "x-signature-ed25519",
    is_timestamped: true,
    create: () => ed25519((key) => key.toHex(), String),
    request: ([signature = ""], _, at) =>
      post({ "x-signature-ed25519": signature, "x-signature-timestamp": String(at) }),
  },
  {
    ...HEX,
    name: "twilio with JSON",
    settings: { scheme: "twilio" },
    encoding: "base64",
    header: "x-twilio-signature",
    is_timestamped: false,
    create: (seed) => {
      const secret = `token-${seed}`;
      const sign: Signer["sign"] = async (body) => macOf("SHA-1", bytesOf(secret), bytesOf(await twilioUrl(body)));
      return Promise.resolve({ secret, sign });
    },
    request: async ([signature = ""], body) => await post({ "x-twilio-signature": signature }, await twilioUrl(body)),
  },
  {
    ...HEX,
    name: "hmac with everything",
    settings: {
      scheme: "hmac",
      header: "x-acme-signature",
      algorithm: "sha512",
      encoding: "base64",
      prefix: "s1,",
      timestamp_header: "x-acme-time",
      id_header: "x-acme-id",
      template: "{{id}}|{{ timestamp }}|{{body}}|end",
    },
    encoding: "base64",
    header: "x-acme-signature",
    is_timestamped: true,
    takes_several: true,
    create: (seed) => {
      const secret = `clé-${seed}`;
      const sign: Signer["sign"] = (body, at) => {
        const message = Uint8Array.from([...after(`m-1|${at}|`, body), ...bytesOf("|end")]);
        return macOf("SHA-512", bytesOf(secret), message);
      };
      return Promise.resolve({ secret, sign });
    },
    request: (signatures, _, at) =>
      post({
        "x-acme-signature": signatures.map((each) => `s1,${each}`).join(" "),
        "x-acme-time": String(at),
        "x-acme-id": "m-1",
      }),
  },
  {
    ...HEX,
    name: "hmac with nothing",
    settings: {
      scheme: "hmac",
      header: "x-signature",
      algorithm: "sha1",
      encoding: "hex",
      prefix: "",
      timestamp_header: null,
      id_header: null,
      template: "{{body}}",
    },
    header: "x-signature",
    is_timestamped: false,
    takes_several: true,
    create: byText("SHA-1", nothing),
    request: (signatures) => post({ "x-signature": signatures.join(", ") }),
  },
];

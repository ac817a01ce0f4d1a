import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { httpbis } from "http-message-signatures";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Arrival } from "../../scripts/drive/receiver.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

// Each scheme that a destination can have, held against code that is not the gateway's: libraries, and Node's own cryptography.

const SIGNED = ["@method", "@target-uri", "content-digest", "content-type", "webhook-id", "webhook-timestamp"];

const stage = new Stage();
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

type Verifier = (request: Arrival) => boolean | Promise<boolean>;

const headerOf = ({ headers }: Arrival, name: string): string => String(headers[name]);

function standardWebhooks(secret: string): Verifier {
  return (request) => {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    const headers = Object.fromEntries(names.map((name) => [name, headerOf(request, name)]));
    try {
      new Webhook(secret).verify(request.body, headers);
      return true;
    } catch {
      return false;
    }
  };
}

async function gatewayKey() {
  const { keys } = JSON.parse(await (await fetch(`${gateway.url}/.well-known/jwks.json`)).text());
  expect(keys).toHaveLength(1);
  return { id: String(keys[0].kid), key: createPublicKey({ key: keys[0], format: "jwk" }) };
}

async function standardWebhooksEd25519(): Promise<Verifier> {
  const { key } = await gatewayKey();
  return (request) => {
    const message = `${headerOf(request, "webhook-id")}.${headerOf(request, "webhook-timestamp")}.${request.body}`;
    const signatures = headerOf(request, "webhook-signature").split(" ");
    return signatures.some((item) => {
      const [version, signature = ""] = item.split(",");
      return version === "v1a" && verify(null, Buffer.from(message), key, Buffer.from(signature, "base64"));
    });
  };
}

/** A verifier of RFC 9421 with one key; the digest is checked as RFC 9530 says. */
function httpMessage(alg: string, id: string, isSigned: (data: Buffer, signature: Buffer) => boolean): Verifier {
  return async (request) => {
    const digest = createHash("sha256").update(request.body).digest("base64");
    if (headerOf(request, "content-digest") !== `sha-256=:${digest}:`) return false;
    const headers = Object.fromEntries(Object.keys(request.headers).map((name) => [name, headerOf(request, name)]));
    const key = { id, algs: [alg], verify: async (data: Buffer, signature: Buffer) => isSigned(data, signature) };
    const config = {
      keyLookup: async ({ keyid }: { readonly keyid?: string }) => (keyid === id ? key : null),
      requiredFields: SIGNED,
      requiredParams: ["created", "keyid", "alg"],
      maxAge: 300,
      tolerance: 5,
    };
    return (await httpbis.verifyMessage(config, { method: request.method, url: request.url, headers })) === true;
  };
}

const SCHEMES: readonly [string, object, (secret: string) => Verifier | Promise<Verifier>][] = [
  ["standard-webhooks", { scheme: "standard-webhooks" }, standardWebhooks],
  ["standard-webhooks-ed25519", { scheme: "standard-webhooks-ed25519" }, standardWebhooksEd25519],
  [
    "rfc9421 with the gateway's key",
    { scheme: "rfc9421" },
    async () => {
      const { id, key } = await gatewayKey();
      return httpMessage("ed25519", id, (data, signature) => verify(null, data, key, signature));
    },
  ],
  [
    "rfc9421 with a secret",
    { scheme: "rfc9421", algorithm: "hmac-sha256" },
    (secret) => {
      const key = Buffer.from(secret.replace("whsec_", ""), "base64");
      const id = createHash("sha256").update(key).digest("hex").slice(0, 16);
      return httpMessage("hmac-sha256", id, (data, signature) => {
        return timingSafeEqual(createHmac("sha256", key).update(data).digest(), signature);
      });
    },
  ],
  [
    "hmac as a receiver of one's own has it",
    {
      scheme: "hmac",
      header: "x-signature",
      algorithm: "sha512",
      encoding: "base64",
      prefix: "v0=",
      template: "{{id}}:{{timestamp}}:{{body}}",
      secret: "a text that both sides know",
    },
    (secret) => (request) => {
      const message = `${headerOf(request, "webhook-id")}:${headerOf(request, "webhook-timestamp")}:${request.body}`;
      return headerOf(request, "x-signature") === `v0=${createHmac("sha512", secret).update(message).digest("base64")}`;
    },
  ],
];

test.each(SCHEMES)("%s is verified by other code, and refused after a change", async (name, signing, verifierOf) => {
  const { receiver, destination } = await stage.receiver(name, { signing });
  const isGenuine = await verifierOf(destination.signing_secret);
  const integration = await stage.route({ name, type: "catch" }, [destination]);
  await gateway.send(integration, { loaf: "röggen", count: 3 });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);

  const [arrival] = receiver.arrivals;
  if (arrival === undefined) throw new Error("nothing arrived");
  expect(await isGenuine(arrival)).toBe(true);
  expect(await isGenuine({ ...arrival, body: arrival.body.replace('"count":3', '"count":4') })).toBe(false);
  const headers = { ...arrival.headers, "webhook-timestamp": String(Number(arrival.headers["webhook-timestamp"]) - 1) };
  expect(await isGenuine({ ...arrival, headers })).toBe(false);
});

test("with the scheme none a delivery has its id and its time, and no signature", async () => {
  const { receiver, destination } = await stage.receiver("Unsigned", { signing: { scheme: "none" } });
  expect(destination).not.toHaveProperty("signing_secret");
  const integration = await stage.route({ name: "Unsigned", type: "catch" }, [destination]);
  await gateway.send(integration, { n: 1 });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
  const { headers = {}, id } = receiver.arrivals[0] ?? {};
  expect(id).toMatch(/^dlv_/);
  expect(headers["webhook-timestamp"]).toMatch(/^\d+$/);
  expect(headers).not.toHaveProperty("webhook-signature");
  expect(headers).not.toHaveProperty("signature");
});

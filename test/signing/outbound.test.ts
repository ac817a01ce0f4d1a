import { httpbis } from "http-message-signatures";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { createSigners } from "../../src/delivery/request/signers.ts";
import type { Signing } from "../../src/model/destination.ts";
import { importGatewayKey } from "../../src/crypto/gateway-key.ts";
import { ringOf } from "../support/key-ring.ts";
import { openSecret, verifySignature } from "../../src/signing/inbound.ts";
import { signRequest } from "../../src/signing/outbound.ts";
import type { Signable } from "../../src/signing/schemes/scheme.ts";
import { signedHeaders } from "../../src/signing/standard-webhooks.ts";
import { ok } from "../../src/model/result.ts";
import { OLD_SECRET, SECRET, destinationOf } from "../support/signed-requests.ts";
import { bytesOf } from "../support/signers.ts";
import { runs } from "../support/runs.ts";

const ring = ringOf(7);

type Sent = { readonly request: Signable; readonly headers: Readonly<Record<string, string>> };

async function send(signing: Signing, secrets: readonly string[], request: Signable): Promise<Sent> {
  const destination = await destinationOf(ring, { name: "", signing, secrets });
  const signed = await createSigners(ring).sign(
    { ...destination, signing_secrets: destination.signing_secrets.map((each) => ({ ...each, expires_at: null })) },
    request,
  );
  if (!signed.ok) throw new Error(signed.error);
  return { request, headers: { "content-type": request.content_type, ...signed.value } };
}

const segment = fc.stringMatching(/^[\w.~-]{1,12}$/);
const requests: fc.Arbitrary<Signable> = fc.record({
  id: fc.stringMatching(/^dlv_[0-9a-z]{1,28}$/),
  now_ms: fc.constant(0).map(() => Date.now()),
  method: fc.constantFrom("POST", "PUT", "PATCH"),
  url: fc
    .tuple(fc.array(segment, { maxLength: 3 }), fc.array(segment, { maxLength: 2 }), fc.option(segment))
    .map(([path, query, hash]) => {
      const search = query.length === 0 ? "" : `?${query.join("=")}`;
      return new URL(`https://receiver.example.com/${path.join("/")}${search}${hash === null ? "" : `#${hash}`}`);
    }),
  content_type: fc.constantFrom("application/json", "text/plain; charset=utf-8", "a/b"),
  body: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.map((byte, at) => (at === place % bytes.length ? byte ^ 1 : byte));
}

function altered(text: string, place: number): string {
  const index = place % text.length;
  return text.slice(0, index) + (text.charAt(index) === "1" ? "2" : "1") + text.slice(index + 1);
}

type Verify = (sent: Sent) => Promise<boolean>;

/** An independent RFC 9421 verifier (npm http-message-signatures), which also checks the digest as RFC 9530 requires. */
function httpVerifier(
  keys: Readonly<Record<string, (message: Uint8Array, signature: Uint8Array) => Promise<boolean>>>,
): Verify {
  return async ({ request, headers }) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", request.body)).toBase64();
    if (headers["content-digest"] !== `sha-256=:${digest}:`) return false;
    const url = new URL(request.url);
    url.hash = "";
    const verified = await httpbis.verifyMessage(
      {
        keyLookup: ({ keyid = "" }) => {
          const verify = keys[keyid];
          return Promise.resolve(
            verify === undefined
              ? null
              : { id: keyid, algs: ["ed25519", "hmac-sha256"], verify: (data, signature) => verify(data, signature) },
          );
        },
        requiredFields: ["@method", "@target-uri", "content-digest", "content-type", "webhook-id", "webhook-timestamp"],
        requiredParams: ["created", "keyid", "alg"],
        maxAge: 300,
        tolerance: 5,
      },
      { method: request.method, url, headers: { ...headers } },
    );
    return verified === true;
  };
}

async function ed25519Verifier(): Promise<Verify> {
  const [{ id, public_key }] = await ring.signingKeys(0);
  const key = await crypto.subtle.importKey("raw", public_key, { name: "Ed25519" }, false, ["verify"]);
  return httpVerifier({
    [id]: (data, signature) => crypto.subtle.verify({ name: "Ed25519" }, key, signature, data),
  });
}

async function hmacVerifier(secret: string): Promise<Verify> {
  const bytes = Uint8Array.fromBase64(secret.slice("whsec_".length));
  const id = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return httpVerifier({ [id]: (data, signature) => crypto.subtle.verify("HMAC", key, signature, data) });
}

async function expectVerdicts(signing: Signing, secrets: readonly string[], verify: Verify): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requests, fc.nat(), async (request, place) => {
      const sent = await send(signing, secrets, request);
      const { headers } = sent;
      expect(await verify(sent)).toBe(true);
      const url = new URL(request.url);
      url.pathname = `/${altered(url.pathname.slice(1) || "x", place)}`;
      const query = new URL(request.url);
      query.search = altered(query.search.slice(1) || "x", place);
      const changes: readonly Sent[] = [
        { headers, request: { ...request, body: flipped(request.body, place) } },
        { headers, request: { ...request, body: new Uint8Array([...request.body, 0]) } },
        { headers, request: { ...request, method: altered(request.method, place) } },
        { headers, request: { ...request, url } },
        { headers, request: { ...request, url: query } },
        ...["webhook-id", "webhook-timestamp", "content-type", "content-digest"].map((name) => ({
          request,
          headers: { ...headers, [name]: altered(headers[name] ?? "", place) },
        })),
      ];
      for (const change of changes) expect(await verify(change)).toBe(false);
    }),
    { numRuns: runs(150) },
  );
}

describe("rfc9421 with the gateway's key", () => {
  it("is accepted by an independent verifier, and refused after any change", async () => {
    await expectVerdicts({ scheme: "rfc9421", algorithm: "ed25519" }, [], await ed25519Verifier());
  });
});

describe("rfc9421 with hmac-sha256", () => {
  const signing = { scheme: "rfc9421", algorithm: "hmac-sha256" } as const;

  it("is accepted by an independent verifier, and refused after any change", async () => {
    await expectVerdicts(signing, [SECRET], await hmacVerifier(SECRET));
  });

  it("is accepted by who has either secret while one replaces the other, and by nobody else", async () => {
    const request = fc.sample(requests, 1)[0];
    if (request === undefined) throw new Error("no sample");
    const sent = await send(signing, [SECRET, OLD_SECRET], request);
    expect(await (await hmacVerifier(SECRET))(sent)).toBe(true);
    expect(await (await hmacVerifier(OLD_SECRET))(sent)).toBe(true);
    const foreign = `whsec_${new Uint8Array(32).toBase64()}`;
    expect(await (await hmacVerifier(foreign))(sent)).toBe(false);
  });
});

describe("standard-webhooks-ed25519", () => {
  it("comes to the value that Svix publishes for v1a", async () => {
    const { private_key, public_key } = await importGatewayKey(
      Uint8Array.fromBase64("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc="),
    );
    expect(public_key.toBase64()).toBe("1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=");
    const headers = await signedHeaders(
      [{ kind: "ed25519", key: private_key, id: "" }],
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      bytesOf('{"test": 2432232314}'),
    );
    expect(headers["webhook-signature"]).toBe(
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    );
  });
});

describe("standard-webhooks", () => {
  it("is accepted by the reference library with either secret while one replaces the other", async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.string(), async (request, text) => {
        const { headers } = await send({ scheme: "standard-webhooks" }, [SECRET, OLD_SECRET], {
          ...request,
          body: bytesOf(text),
        });
        for (const secret of [SECRET, OLD_SECRET]) {
          new Webhook(secret).verify(text, { ...headers }, { jsonParse: false });
        }
      }),
      { numRuns: runs(150) },
    );
  });
});

describe("what goes out", () => {
  const hmac = { scheme: "hmac", header: "x-sig", algorithm: "sha256", encoding: "hex" } as const;
  const schemes: readonly [string, Signing, readonly string[]][] = [
    ["standard-webhooks", { scheme: "standard-webhooks" }, [SECRET, OLD_SECRET]],
    ["standard-webhooks-ed25519", { scheme: "standard-webhooks-ed25519" }, []],
    ["hmac", { ...hmac, prefix: "sha256=", template: "{{id}}.{{timestamp}}.{{body}}" }, ["one", "two"]],
    [
      "hmac with a comma in its prefix",
      { ...hmac, prefix: "v1,", template: "{{timestamp}}{{body}}{{id}}" },
      ["one", "two"],
    ],
  ];

  it.each(schemes)(
    "is accepted by another gateway, and refused after any change it covers: %s",
    async (_, signing, secrets) => {
      const [{ public_key }] = await ring.signingKeys(0);
      const settings =
        signing.scheme === "hmac"
          ? ({ ...signing, timestamp_header: "webhook-timestamp", id_header: "webhook-id" } as const)
          : ({ scheme: "standard-webhooks" } as const);
      const accepted = secrets.length === 0 ? [`whpk_${public_key.toBase64()}`] : secrets;
      const verify = async ({ request, headers }: Sent, secret: string): Promise<boolean> => {
        const key = await openSecret(settings, secret);
        const head = { method: request.method, url: request.url, headers: new Headers(headers) };
        const read = () => Promise.resolve(ok(request.body));
        return key !== null && (await verifySignature(settings, [key], head, read, request.now_ms)).ok;
      };
      await fc.assert(
        fc.asyncProperty(requests, fc.nat(), async (request, place) => {
          const sent = await send(signing, secrets, request);
          for (const secret of accepted) {
            expect(await verify(sent, secret)).toBe(true);
            const changes: readonly Sent[] = [
              { ...sent, request: { ...request, body: flipped(request.body, place) } },
              ...["webhook-id", "webhook-timestamp"].map((name) => ({
                request,
                headers: { ...sent.headers, [name]: altered(sent.headers[name] ?? "", place) },
              })),
            ];
            for (const change of changes) expect(await verify(change, secret)).toBe(false);
          }
        }),
        { numRuns: runs(150) },
      );
    },
  );

  it("is signed over the address without its fragment, which is never sent", async () => {
    const [{ id, private_key }] = await ring.signingKeys(0);
    const sign = (url: string) =>
      signRequest({ scheme: "rfc9421", algorithm: "ed25519" }, [{ kind: "ed25519", key: private_key, id }], {
        id: "dlv_1",
        now_ms: 1_000,
        method: "POST",
        url: new URL(url),
        content_type: "a/b",
        body: bytesOf(""),
      });
    expect(await sign("https://a.example.com/x?y#z")).toEqual(await sign("https://a.example.com/x?y"));
    expect(await sign("https://a.example.com/x?z")).not.toEqual(await sign("https://a.example.com/x?y"));
  });
});

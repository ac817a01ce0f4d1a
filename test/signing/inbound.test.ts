import { describe, expect, it } from "vitest";
import type { SignatureSettings } from "../../src/model/integration-auth.ts";
import { type Result, ok } from "../../src/model/result.ts";
import { openSecret, verifySignature } from "../../src/signing/inbound.ts";
import { openSigningSecret } from "../../src/signing/outbound.ts";
import { signedHeaders } from "../../src/signing/standard-webhooks.ts";
import { placeholdersOf, renderSigned } from "../../src/signing/template.ts";
import { bytesOf } from "../support/signers.ts";

type Sent = {
  readonly method?: string;
  readonly url?: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  /** In seconds. */
  readonly at?: number;
};

async function outcomeOf(settings: SignatureSettings, secret: string, sent: Sent): Promise<string> {
  const key = await openSecret(settings, secret);
  if (key === null) return "refused secret";
  const body = typeof sent.body === "string" ? bytesOf(sent.body) : sent.body;
  const { method = "POST", url = "https://gate.example.net/", headers, at = 0 } = sent;
  const head = { method, url: new URL(url), headers: new Headers(headers) };
  const read = (): Promise<Result<Uint8Array, never>> => Promise.resolve(ok(body));
  const verified = await verifySignature(settings, [key], head, read, at * 1_000);
  return verified.ok ? "accepted" : verified.error;
}

describe("signatures that vendors publish are accepted", () => {
  it("GitHub's", async () => {
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    const headers = {
      "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    };
    const secret = "It's a Secret to Everybody";
    expect(await outcomeOf({ scheme: "github" }, secret, { headers, body: "Hello, World!" })).toBe("accepted");
    expect(await outcomeOf({ scheme: "github" }, secret, { headers, body: "Hello, World?" })).toBe("mismatch");
  });

  it("Slack's", async () => {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack#validating-a-request
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
      "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
      "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a1" +
      "4d10d2c447fce8b6703c";
    const headers = {
      "X-Slack-Request-Timestamp": "1531420618",
      "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const secret = "8f742231b10e8888abcd99yyyzzz85a5";
    expect(await outcomeOf({ scheme: "slack" }, secret, { headers, body, at: 1531420618 })).toBe("accepted");
    expect(await outcomeOf({ scheme: "slack" }, secret, { headers, body, at: 1531420919 })).toBe("stale");
  });

  it("Svix's and Standard Webhooks'", async () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
    const body = '{"test": 2432232314}';
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for (const family of ["webhook", "svix"]) {
      const headers = {
        [`${family}-id`]: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        [`${family}-timestamp`]: "1614265330",
        [`${family}-signature`]: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      };
      const sent = { headers, body, at: 1614265330 };
      expect(await outcomeOf({ scheme: "standard-webhooks" }, secret, sent)).toBe("accepted");
      expect(await outcomeOf({ scheme: "standard-webhooks" }, secret.slice("whsec_".length), sent)).toBe("accepted");
      expect(await outcomeOf({ scheme: "standard-webhooks" }, `v1,${secret}`, sent)).toBe("accepted");
    }
  });

  // https://github.com/twilio/twilio-php/blob/main/tests/Twilio/Unit/Security/RequestValidatorTest.php
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const form = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
  const digest = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
  const json = '{"property": "value", "boolean": true}';

  it.each([
    ["of a form", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
    ["of a form in another order", url, form.split("&").toReversed().join("&"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
    ["with the port in the URL", url, form, "kvajT1Ptam85bY51eRf/AJRuM3w="],
    ["with another port that was not signed", url.replace(".com", ".com:1234"), form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
    ["over http with the port", url.replace("https", "http"), form, "0ZXoZLH/DfblKGATFgpif+LLRf4="],
    [
      "of values that repeat",
      url,
      "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
      "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ],
    ["of JSON, by its hash", `${url}&${digest}`, json, "a9nBmqA0ju/hNViExpshrM61xv4="],
    [
      "of JSON, with nothing else in the URL",
      `https://mycompany.com/myapp.php?${digest}`,
      json,
      "y77kIzt2vzLz71DgmJGsen2scGs=",
    ],
  ])("Twilio's %s", async (_, called, body, signature) => {
    const type = body === json ? "application/json" : "application/x-www-form-urlencoded; charset=UTF-8";
    const headers = { "content-type": type, "X-Twilio-Signature": signature };
    const verify = (changed: Partial<Sent>) =>
      outcomeOf({ scheme: "twilio" }, "12345", { url: called, headers, body, ...changed });
    expect(await verify({})).toBe("accepted");
    expect(await verify({ body: body.replace("1234", "1235").replace("value", "evil") })).toBe("mismatch");
    expect(await verify({ body: "" })).toBe("mismatch");
    expect(await verify({ url: called.replace("myapp", "other") })).toBe("mismatch");
    expect(await verify({ url: called.replace(".com", ".org") })).toBe("mismatch");
    const formType = { ...headers, "content-type": "application/x-www-form-urlencoded" };
    if (body === json) expect(await verify({ body: "", headers: formType })).toBe("mismatch");
    const jsonType = { ...headers, "content-type": "application/json" };
    if (body !== json) expect(await verify({ headers: jsonType })).toBe("mismatch");
  });

  it("Twilio's, called under another name by a proxy that says so", async () => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    };
    const local = "http://localhost:8787/myapp.php?foo=1&bar=2";
    const verify = (more: Record<string, string>) =>
      outcomeOf({ scheme: "twilio" }, "12345", { url: local, headers: { ...headers, ...more }, body: form });
    expect(await verify({})).toBe("mismatch");
    expect(await verify({ "x-forwarded-proto": "https", "x-forwarded-host": "mycompany.com" })).toBe("accepted");
    expect(await verify({ "x-forwarded-proto": "https", "x-forwarded-host": "mycompany.org" })).toBe("mismatch");
    expect(await verify({ "x-forwarded-proto": "://", "x-forwarded-host": "mycompany.com" })).toBe("mismatch");
  });

  it("RFC 8032's, in Discord's headers", async () => {
    // Test 2 of https://www.rfc-editor.org/rfc/rfc8032#section-7.1 signs the one byte 0x72; Discord's message starts with the time.
    const key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const signature =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    const opened = await openSecret({ scheme: "discord" }, key);
    if (opened?.kind !== "ed25519") throw new Error("no public key");
    const good = Uint8Array.fromHex(signature);
    expect(await crypto.subtle.verify({ name: "Ed25519" }, opened.key, good, Uint8Array.of(0x72))).toBe(true);
    const headers = { "X-Signature-Ed25519": signature, "X-Signature-Timestamp": "7" };
    expect(await outcomeOf({ scheme: "discord" }, key, { headers, body: "r", at: 7 })).toBe("mismatch");
  });
});

describe("what this gateway signs", () => {
  it("is accepted where another one verifies it", async () => {
    const secret = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;
    const key = await openSigningSecret({ scheme: "standard-webhooks" }, secret);
    if (key === null) throw new Error("the secret was refused");
    const body = bytesOf('{"type":"alert.created"}');
    const headers = await signedHeaders([key], "dlv_1", 1_790_000_000, body);
    expect(await outcomeOf({ scheme: "standard-webhooks" }, secret, { headers, body, at: 1_790_000_100 })).toBe(
      "accepted",
    );
  });
});

describe("a Standard Webhooks id", () => {
  it("may not hold a full stop, for the text could then be split in two ways", async () => {
    const secret = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;
    const key = await openSigningSecret({ scheme: "standard-webhooks" }, secret);
    if (key === null) throw new Error("the secret was refused");
    const at = 1_790_000_000;
    const signed = await signedHeaders([key], "a", at - 9_000, bytesOf(`${at}.b`));
    const headers = { ...signed, "webhook-id": `a.${at - 9_000}`, "webhook-timestamp": String(at) };
    expect(await outcomeOf({ scheme: "standard-webhooks" }, secret, { headers, body: "b", at })).toBe("malformed");
  });
});

describe("a secret", () => {
  it.each([
    ["standard-webhooks", "whsec_AAAA"],
    ["standard-webhooks", "not base64 at all"],
    ["standard-webhooks", "whpk_AAAA"],
    ["discord", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["discord", "3d4017"],
    ["discord", "zz".repeat(32)],
  ] as const)("of %s is refused where it is %j", async (scheme, secret) => {
    expect(await openSecret({ scheme }, secret)).toBeNull();
  });
});

describe("a template", () => {
  it("is filled in, and what is put in is not looked at again", () => {
    const parts = { id: "{{body}}", timestamp: "{{id}}", body: bytesOf("{{timestamp}}") };
    const text = new TextDecoder().decode(renderSigned("a {{id}}/{{ timestamp }}/{{body}} {{", parts));
    expect(text).toBe("a {{body}}/{{id}}/{{timestamp}} {{");
  });

  it.each([
    ["{{body}}", ["body"]],
    ["v0:{{timestamp}}:{{ body }}", ["timestamp", "body"]],
    ["plain", []],
    ["{{uri}}.{{body}}", null],
    ["{{}}", null],
    ["{{body\n}}", ["body"]],
  ])("%j has the placeholders %j", (template, places) => {
    expect(placeholdersOf(template)).toEqual(places);
  });
});

import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyReference } from "../../../src/signing/claim.ts";
import { ok } from "../../../src/model/result.ts";
import { verifySignature } from "../../../src/signing/inbound.ts";
import type { VerifyingKey } from "../../../src/signing/keys.ts";
import type { Json } from "../../../src/model/json.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms";
const CERTIFICATE =
  "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

const NOTIFICATION = {
  Type: "Notification",
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: TOPIC,
  Subject: "ALARM: disk",
  Message: '{"AlarmName":"disk"}',
  Timestamp: "2026-11-20T09:59:58.000Z",
  SignatureVersion: "2",
  SigningCertURL: CERTIFICATE,
};

const CONFIRMATION = {
  ...NOTIFICATION,
  Type: "SubscriptionConfirmation",
  Subject: undefined,
  Token: "2336412f37",
  SubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
};

type Fields = Readonly<Record<string, Json | undefined>>;

function signed(fields: Fields): Fields {
  const names =
    fields["Type"] === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = names
    .flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${String(fields[name])}\n`]))
    .join("");
  const hash = fields["SignatureVersion"] === "1" ? "sha1" : "sha256";
  return { ...fields, Signature: createSign(hash).update(text).sign(privateKey).toString("base64") };
}

async function keyOf(hash: string): Promise<VerifyingKey> {
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  return { kind: "rsa", key: await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]) };
}

async function verify(body: string | Fields, topic_arn: string | null = TOPIC, now = NOW) {
  const asked: KeyReference[] = [];
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const head = { method: "POST", url: new URL("https://gate.example.net/"), headers: new Headers() };
  const findKey = async (reference: KeyReference) => {
    asked.push(reference);
    return ok(reference.kind === "certificate" ? await keyOf(reference.hash) : null);
  };
  const read = () => Promise.resolve(ok(bytes));
  const result = await verifySignature({ scheme: "sns", topic_arn }, [], head, read, now, findKey);
  return {
    outcome: result.ok ? "accepted" : String(result.error),
    asked,
    identity: result.ok ? result.value.identity : null,
  };
}

describe("the signature of Amazon SNS", () => {
  it.each([
    NOTIFICATION,
    { ...NOTIFICATION, Subject: undefined },
    { ...NOTIFICATION, SignatureVersion: "1" },
    CONFIRMATION,
    { ...CONFIRMATION, Type: "UnsubscribeConfirmation", SignatureVersion: "1" },
  ])("is accepted over what SNS signs: %j", async (fields) => {
    const { outcome, asked, identity } = await verify(signed(fields));
    expect(outcome).toBe("accepted");
    expect(asked).toMatchObject([{ kind: "certificate", url: CERTIFICATE }]);
    expect(identity).toEqual({ kind: "id", id: NOTIFICATION.MessageId });
  });

  it.each(["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"])("covers %s", async (name) => {
    const fields = signed(NOTIFICATION);
    const other = name === "Timestamp" ? "2026-11-20T09:59:59.000Z" : name === "Type" ? "UnsubscribeConfirmation" : "x";
    const changed = { ...fields, [name]: other, ...(name === "Type" ? { Token: "t", SubscribeURL: "u" } : {}) };
    expect((await verify(changed, null)).outcome).toBe("mismatch");
  });

  it.each([
    "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://evil.example/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://user@sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem?x=1",
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem#x",
    "https://sns.eu-central-1.amazonaws.com/a/../SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://sns.eu-central-1.amazonaws.com/other.pem",
    "https://bucket.s3.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    "https://SNS.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5ca.pem",
    `https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-${"a".repeat(300)}.pem`,
    "",
    7,
    null,
  ])("never asks for a certificate at %j", async (url) => {
    const { outcome, asked } = await verify({ ...signed(NOTIFICATION), SigningCertURL: url });
    expect([outcome, asked]).toEqual(["malformed", []]);
  });

  it("is accepted for its topic only, if one is set", async () => {
    const other = signed({ ...NOTIFICATION, TopicArn: `${TOPIC}-2` });
    expect((await verify(other)).outcome).toBe("mismatch");
    expect((await verify(other, null)).outcome).toBe("accepted");
  });

  it("is valid for an hour, in which SNS sends the message again", async () => {
    const fields = signed(NOTIFICATION);
    expect((await verify(fields, TOPIC, NOW + 3_600_000)).outcome).toBe("accepted");
    expect((await verify(fields, TOPIC, NOW + 3_640_000)).outcome).toBe("stale");
    expect((await verify(fields, TOPIC, NOW - 400_000)).outcome).toBe("stale");
  });

  it.each([
    ["", "missing"],
    ["text", "missing"],
    ["[]", "missing"],
    [JSON.stringify(NOTIFICATION), "missing"],
    [{ ...signed(NOTIFICATION), Signature: "?" }, "malformed"],
    [{ ...signed(NOTIFICATION), Signature: "" }, "malformed"],
    [{ ...signed(NOTIFICATION), SignatureVersion: "3" }, "malformed"],
    [{ ...signed(NOTIFICATION), SignatureVersion: "toString" }, "malformed"],
    [{ ...signed(NOTIFICATION), Type: "constructor" }, "malformed"],
    [{ ...signed(NOTIFICATION), Message: { a: 1 } }, "malformed"],
    [{ ...signed(NOTIFICATION), Timestamp: "yesterday" }, "malformed"],
  ])("is not in %j: %s", async (body, fault) => {
    expect((await verify(body)).outcome).toBe(fault);
  });
});

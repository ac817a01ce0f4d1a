import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ok } from "../../src/model/result.ts";
import { openSecret, verifySignature } from "../../src/signing/inbound.ts";
import { hmac } from "../../src/signing/schemes/hmac.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const SECONDS = String(NOW / 1_000);
const ISO = "2026-11-20T10:00:00Z";
const SECRET = "a7a7a7a7";
const BODY = '{"id":1}';
const URL_CALLED = "https://gate.example.net/integration/int_1?a=1";

const sign = (text: string, algorithm = "sha256", encoding: "hex" | "base64" = "hex") =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);

type Call = {
  readonly headers: Record<string, string>;
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  readonly secret?: string;
};

/** Returns "ok", or why the signature is refused. The settings are completed as they are when they are saved. */
async function verify(
  scheme: string,
  given: object,
  { headers, method = "POST", url = URL_CALLED, body = BODY, secret = SECRET }: Call,
) {
  const completed = scheme === "hmac" ? hmac.options.complete(given) : ok(given);
  if (!completed.ok) return completed.error.map(({ path }) => path);
  const settings = { scheme, ...completed.value };
  const key = await openSecret(settings, secret);
  if (key === null) throw new Error("no key");
  const head = { method, url: new URL(url), headers: new Headers(headers) };
  const read = () => Promise.resolve(ok(new TextEncoder().encode(body)));
  const result = await verifySignature(settings, [key], head, read, NOW);
  return result.ok ? "ok" : result.error;
}

describe("a signature that can be said", () => {
  it.each<readonly [string, object, (time?: string) => Record<string, string>]>([
    [
      "Zendesk",
      { header: "x-sig", encoding: "base64", timestamp_header: "x-time", template: "{{timestamp}}{{body}}" },
      (time = ISO) => ({ "x-time": time, "x-sig": sign(time + BODY, "sha256", "base64") }),
    ],
    [
      "Twitch",
      {
        header: "x-sig",
        prefix: "sha256=",
        id_header: "x-id",
        timestamp_header: "x-time",
        template: "{{id}}{{timestamp}}{{body}}",
      },
      (time = "2026-11-20T10:00:00.123456789Z") => ({
        "x-id": "i1",
        "x-time": time,
        "x-sig": `sha256=${sign(`i1${time}${BODY}`)}`,
      }),
    ],
    [
      "Paddle",
      { header: "paddle-signature", signature_field: "h1", timestamp_field: "ts", template: "{{timestamp}}:{{body}}" },
      (time = SECONDS) => ({ "paddle-signature": `ts=${time};h1=${sign(`${time}:${BODY}`)}` }),
    ],
    [
      "Buildkite",
      { header: "x-buildkite-signature", signature_field: "signature", timestamp_field: "timestamp" },
      (time = SECONDS) => ({ "x-buildkite-signature": `timestamp=${time},signature=${sign(`${time}.${BODY}`)}` }),
    ],
    [
      "HubSpot",
      {
        header: "x-sig",
        encoding: "base64",
        timestamp_header: "x-time",
        template: "{{method}}{{url}}{{body}}{{timestamp}}",
      },
      (time = String(NOW)) => ({
        "x-time": time,
        "x-sig": sign(`POST${URL_CALLED}${BODY}${time}`, "sha256", "base64"),
      }),
    ],
  ])("%s's is accepted while it is fresh", async (_, format, headersAt) => {
    expect(await verify("hmac", format, { headers: headersAt() })).toBe("ok");
    for (const old of ["2020-01-01T00:00:00Z", "1577836800"]) {
      expect(await verify("hmac", format, { headers: headersAt(old) })).toBe("stale");
    }
    for (const wrong of ["2026-11-20", "now", "-1", "2026-13-40T99:00:00Z"]) {
      expect(await verify("hmac", format, { headers: headersAt(wrong) })).toBe("malformed");
    }
    expect(await verify("hmac", format, { headers: headersAt(), body: `${BODY} ` })).toBe("mismatch");
  });

  it("may cover method, path and the URL that the sender called", async () => {
    const format = { header: "x-sig", template: "{{method}} {{path}}\n{{body}}" };
    for (const path of ["/integration/int_1", "/integration/int_1?a=1"]) {
      const headers = { "x-sig": sign(`PUT ${path}\n${BODY}`) };
      expect(await verify("hmac", format, { headers, method: "PUT" })).toBe("ok");
      expect(await verify("hmac", format, { headers, method: "POST" })).toBe("mismatch");
    }
    const trello = { header: "x-sig", algorithm: "sha1", encoding: "base64", template: "{{body}}{{url}}" };
    const outer = "https://hooks.example.com/integration/int_1?a=1";
    const headers = {
      "x-forwarded-proto": "https,http",
      "x-forwarded-host": "hooks.example.com, 10.0.0.1",
      "x-sig": sign(BODY + outer, "sha1", "base64"),
    };
    expect(await verify("hmac", trello, { headers, url: "http://10.0.0.2/integration/int_1?a=1" })).toBe("ok");
  });

  it("may have a key that the secret spells in base64 or hexadecimal", async () => {
    const teams = { header: "authorization", prefix: "HMAC ", encoding: "base64" };
    const headers = { authorization: `HMAC ${sign(BODY, "sha256", "base64")}` };
    const [base64, hex] = [Buffer.from(SECRET).toString("base64"), Buffer.from(SECRET).toString("hex")];
    expect(await verify("hmac", { ...teams, secret_encoding: "base64" }, { headers, secret: base64 })).toBe("ok");
    expect(await verify("hmac", { ...teams, secret_encoding: "hex" }, { headers, secret: hex })).toBe("ok");
    expect(await verify("hmac", { ...teams, secret_encoding: "text" }, { headers })).toBe("ok");
    expect(await verify("hmac", teams, { headers, secret: base64 })).toBe("mismatch");
  });

  it("may be in the base64 of URLs", async () => {
    const sanity = { header: "x-sig", encoding: "base64", signature_field: "v1", timestamp_field: "t" };
    const texts = Array.from({ length: 20 }, (_, n) => `{"id":${n}}`);
    const time = String(NOW);
    const signatures = texts.map((body) => sign(`${time}.${body}`, "sha256", "base64"));
    expect(signatures.join("")).toMatch(/\+.*\/|\/.*\+/);
    for (const [index, body] of texts.entries()) {
      const written = signatures[index]?.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      expect(await verify("hmac", sanity, { headers: { "x-sig": `t=${time},v1=${written}` }, body })).toBe("ok");
    }
  });

  it.each(["2026-11-20T10:00:00", "2026-11-20T10:00:00.123456", "2026-11-20t10:00:00z", "2026-11-20T11:00:00+0100"])(
    "may have the time %s",
    async (time) => {
      const headers = { "x-time": time, "x-sig": sign(`${time}.${BODY}`) };
      expect(await verify("hmac", { header: "x-sig", timestamp_header: "x-time" }, { headers })).toBe("ok");
    },
  );

  it("may have a prefix with a space, and SHA-384", async () => {
    const teams = { header: "authorization", prefix: "HMAC ", encoding: "base64" };
    expect(await verify("hmac", teams, { headers: { authorization: `HMAC ${sign(BODY, "sha256", "base64")}` } })).toBe(
      "ok",
    );
    expect(await verify("hmac", teams, { headers: { authorization: sign(BODY, "sha256", "base64") } })).toBe(
      "malformed",
    );
    const long = { header: "x-sig", algorithm: "sha384" };
    expect(await verify("hmac", long, { headers: { "x-sig": sign(BODY, "sha384") } })).toBe("ok");
  });

  it("may have several values in its field, and one time only", async () => {
    const format = { header: "x-sig", signature_field: "v1", timestamp_field: "t" };
    const good = sign(`${SECONDS}.${BODY}`);
    const send = (value: string) => verify("hmac", format, { headers: { "x-sig": value } });
    expect(await send(`t=${SECONDS},v1=${"0".repeat(64)},v1=${good},v0=x`)).toBe("ok");
    expect(await send(`t=1,t=${SECONDS},v1=${good}`)).toBe("malformed");
    expect(await send(`v1=${good}`)).toBe("missing");
    expect(await send(`t=${SECONDS}`)).toBe("malformed");
    expect(await send(`t=${SECONDS},v1=${Array.from({ length: 11 }, () => good).join(",v1=")}`)).toBe("malformed");
  });

  it("is Stripe's in another header", async () => {
    const value = `t=${SECONDS},v1=${sign(`${SECONDS}.${BODY}`)}`;
    expect(
      await verify(
        "stripe",
        { header: "calendly-webhook-signature" },
        { headers: { "calendly-webhook-signature": value } },
      ),
    ).toBe("ok");
    expect(
      await verify("stripe", { header: "calendly-webhook-signature" }, { headers: { "stripe-signature": value } }),
    ).toBe("missing");
    expect(await verify("stripe", {}, { headers: { "stripe-signature": value } })).toBe("ok");
  });
});

describe("a format that can never verify", () => {
  it.each<readonly [object, readonly string[]]>([
    [{ header: "x", timestamp_header: "x" }, ["timestamp_header"]],
    [{ header: "x", id_header: "x", template: "{{id}}{{body}}" }, ["id_header"]],
    [{ header: "x", id_header: "t", timestamp_header: "t", template: "{{id}}{{timestamp}}{{body}}" }, ["id_header"]],
    [{ header: "x", timestamp_field: "t" }, ["signature_field"]],
    [{ header: "x", signature_field: "t", timestamp_field: "t" }, ["timestamp_field"]],
    [{ header: "x", signature_field: "v", timestamp_field: "t", timestamp_header: "y" }, ["timestamp_field"]],
    [{ header: "x", signature_field: "v", prefix: "v1," }, ["prefix"]],
    [{ header: "x", prefix: "HMAC v1, " }, ["prefix"]],
    [{ header: "x", timestamp_header: "date" }, ["timestamp_header"]],
    [{ header: "x", template: "{{timestamp}}.{{body}}" }, ["timestamp_header"]],
    [{ header: "x", signature_field: "v", timestamp_field: "t", template: "{{body}}" }, ["template"]],
  ])("is refused when it is saved: %j", async (format, paths) => {
    expect(await verify("hmac", format, { headers: {} })).toEqual(paths);
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { Destination } from "../../../src/model/destination.ts";
import { awsFault } from "../../support/aws-signatures.ts";
import { type Answerer, type Seen, fakeOutside } from "../../support/world.ts";
import { DESTINATION_ID, eventWith, sendTo } from "./stand.ts";

const KEY = { access_key_id: "AKIDORCHARD", secret_access_key: "s3cr3t/+of=the-orchard-0123456789" };
const TOKEN = "temporary/token+of=the-orchard";
const ENDPOINT = "https://store.example.com";

/** Returns the credentials as they are stored. */
async function stored(changes: { readonly region?: string; readonly token?: string } = {}) {
  const { keys } = contextOf(env);
  return {
    type: "aws_sigv4",
    access_key_id: KEY.access_key_id,
    region: changes.region ?? "eu-central-1",
    service: null,
    sealed_secret_access_key: await keys.seal(KEY.secret_access_key, DESTINATION_ID),
    sealed_session_token: changes.token === undefined ? null : await keys.seal(changes.token, DESTINATION_ID),
  } as const;
}

function faultOf({ method, url, headers, body }: Seen): Promise<string | null> {
  const received = Object.fromEntries(headers);
  return awsFault({ method, url, headers: received, body: new TextEncoder().encode(body) }, KEY);
}

/** A store that knows one key, and says in XML what is wrong. */
const store: Answerer = async (request) => {
  const fault = await faultOf(request);
  if (fault === null) return new Response(null, { status: 200 });
  return new Response(`<?xml version="1.0"?><Error><Code>${fault}</Code></Error>`, { status: 403 });
};

type Changes = Partial<Omit<Destination, "options">> & { readonly options?: Destination["options"] };

async function put(changes: Changes = {}, event = eventWith({ Host: "db-1" })) {
  const options = { bucket: "orchard", ...changes.options };
  return await sendTo({ type: "s3", url: ENDPOINT, auth: await stored(), ...changes, options }, event);
}

describe("an object in a store", () => {
  it("is written with a signature that the store accepts", async () => {
    const seen = fakeOutside(store);
    const sent = await put({ options: { storage_class: "STANDARD_IA" } });
    expect(sent).toMatchObject({ outcome: { kind: "responded", status: 200 }, error: null });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: "PUT",
      url: `${ENDPOINT}/orchard/alert.created/2026/11/01/dlv_1`,
      body: expect.stringContaining('"Host":"db-1"'),
    });
    const headers = Object.fromEntries(seen[0]?.headers ?? []);
    expect(headers).toMatchObject({ "content-type": "application/json", "x-amz-storage-class": "STANDARD_IA" });
    expect(headers["authorization"]).toMatch(
      /\/eu-central-1\/s3\/aws4_request.*content-type;host;.*x-amz-storage-class/,
    );
    expect(headers["hookgate-gateway"]).toBe(await contextOf(env).keys.gatewayId());
    expect(JSON.stringify([headers, sent])).not.toContain(KEY.secret_access_key);
  });

  it("has the same address on every attempt, and a signature of its own", async () => {
    const seen = fakeOutside(store);
    await put();
    await put();
    expect(new Set(seen.map(({ url }) => url)).size).toBe(1);
    expect(await Promise.all(seen.map(faultOf))).toEqual([null, null]);
  });

  it("is signed with a session token and with headers of one's own", async () => {
    const seen = fakeOutside(store);
    const sent = await put({
      auth: await stored({ token: TOKEN }),
      headers: { "x-amz-acl": "bucket-owner-full-control", "cache-control": "no-store" },
    });
    expect(sent.error).toBe(null);
    const headers = Object.fromEntries(seen[0]?.headers ?? []);
    expect(headers).toMatchObject({ "x-amz-security-token": TOKEN, "cache-control": "no-store" });
    expect(headers["authorization"]).toContain("x-amz-acl");
    expect(headers["authorization"]).toContain("x-amz-security-token");
  });

  it.each([
    [ENDPOINT, "path", "https://store.example.com/orchard/k"],
    [`${ENDPOINT}/`, "path", "https://store.example.com/orchard/k"],
    [`${ENDPOINT}:9000/base/`, "path", "https://store.example.com:9000/base/orchard/k"],
    [ENDPOINT, "virtual_host", "https://orchard.store.example.com/k"],
    [`${ENDPOINT}:9000`, "virtual_host", "https://orchard.store.example.com:9000/k"],
  ])("of the endpoint %s, addressed by %s, is at %s", async (url, addressing, address) => {
    const seen = fakeOutside(store);
    expect((await put({ url, options: { key: "k", addressing } })).error).toBe(null);
    expect(seen[0]?.url).toBe(address);
  });

  const HOSTILE = [
    ["a/b", "a/b"],
    ["../../other/key", "__/__/other/key"],
    ["..", "__"],
    ["a//b/./c/", "a/b/_/c"],
    ["%2e%2e/x", "%252e%252e/x"],
    ["a b+c&d=e?f#g", "a%20b%2Bc%26d%3De%3Ff%23g"],
    ["(a)*!'~", "%28a%29%2A%21%27~"],
    ["Größe 日本 😀", "Gr%C3%B6%C3%9Fe%20%E6%97%A5%E6%9C%AC%20%F0%9F%98%80"],
    ["line\r\nbreak\u0000\u202eend", "line__break__end"],
    ["\ud800", "_"],
  ];

  it.each(HOSTILE)("with the key %j of a sender is at %s", async (host, path) => {
    const seen = fakeOutside(store);
    const sent = await put({ options: { key: "{{ Host }}" } }, eventWith({ Host: host }));
    expect(sent.error).toBe(null);
    expect(seen[0]?.url).toBe(`${ENDPOINT}/orchard/${path}`);
  });

  it("of a test is in a folder of its own", async () => {
    const seen = fakeOutside(store);
    await put({ options: { key: "latest.json" } }, eventWith({}, { type: "test" }));
    expect(seen[0]?.url).toBe(`${ENDPOINT}/orchard/test/latest.json`);
  });

  it.each([
    ["{{ nothing }}", {}, "an empty text"],
    ["{{ Host }}", { Host: "ä".repeat(513) }, "more than the 1,024 bytes"],
    ["{{ Host }}", { Host: "ä".repeat(400) }, "at most 2048 characters"],
  ])("with the key %j is not written if the key cannot be used", async (key, payload, error) => {
    const seen = fakeOutside(store);
    expect(await put({ options: { key } }, eventWith(payload))).toMatchObject({
      outcome: { kind: "refused" },
      error: expect.stringContaining(error),
    });
    expect(seen).toEqual([]);
  });

  it("is not written to a private address, also if the bucket's name makes it one", async () => {
    const seen = fakeOutside(store);
    for (const url of ["https://169.254.169.254", "https://a:b@store.example.com", "ftp://store.example.com", "nope"]) {
      expect((await put({ url })).error).toMatch(/^The address is not allowed: /);
    }
    const options = { bucket: "metadata", addressing: "virtual_host" };
    expect((await put({ url: "https://google.internal", options })).outcome).toEqual({ kind: "refused" });
    expect(seen).toEqual([]);
  });

  it("has the content type of the payload, or another one, but no header of the sender", async () => {
    const seen = fakeOutside(store);
    await put({ options: { content_type: "text/x-log" } });
    const payload = { mode: "original" } as const;
    await put({ payload }, eventWith({}, {}, { headers: { "content-type": "text/html\u2028x" } }));
    expect(seen.map(({ headers }) => headers.get("content-type"))).toEqual(["text/x-log", "application/octet-stream"]);
  });
});

describe("the error of a store", () => {
  it.each([
    ["AccessDenied", "allow s3:PutObject"],
    ["NoSuchBucket", "no bucket of this name"],
    ["AuthorizationHeaderMalformed", "region"],
    ["SomethingElse", "Its code is SomethingElse."],
  ])("%s is shown with advice", async (code, words) => {
    const xml = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>Not you, ${KEY.access_key_id}</Message></Error>`;
    fakeOutside(() => new Response(xml, { status: 403 }));
    const { error, outcome } = await put();
    expect(outcome).toMatchObject({ kind: "responded", status: 403 });
    expect(error).toContain("status 403");
    expect(error).toContain(words);
    expect(error).not.toContain("Not you");
  });

  it.each(["", "no XML", "<Code><script></Code>", `<Code>${"A".repeat(100)}</Code>`])(
    "without a code is that of the status: %j",
    async (body) => {
      fakeOutside(() => new Response(body, { status: 500 }));
      expect((await put()).error).toBe("The destination responded with status 500.");
    },
  );

  it("of a wrong secret is that of a signature, and repeats no credential", async () => {
    fakeOutside(async (request) => {
      const token = request.headers.get("x-amz-security-token") ?? "";
      const { headers } = request;
      return new Response(
        `<Error><Code>SignatureDoesNotMatch</Code><Token>${token}</Token>${headers.get("authorization")}</Error>`,
        { status: 403 },
      );
    });
    const sent = await put({ auth: await stored({ token: TOKEN }) });
    expect(sent.error).toContain("The secret access key is another one");
    expect(sent.response_body).not.toContain(TOKEN);
  });

  it("of credentials that cannot be opened says to enter them again", async () => {
    const seen = fakeOutside(store);
    const auth = { ...(await stored()), sealed_secret_access_key: "broken" };
    expect(await put({ auth })).toMatchObject({
      outcome: { kind: "failed" },
      error: expect.stringContaining("Enter them again"),
    });
    expect(seen).toEqual([]);
  });
});

describe("a webhook with the signature of AWS", () => {
  it.each(["POST", "GET"] as const)("by %s is accepted by the service that the signature is for", async (method) => {
    const seen = fakeOutside(store);
    const url = "https://api.example.com/prod/a%20b//c?x=1&b=%2F2&a";
    const sent = await sendTo({ url, method, auth: await stored() }, eventWith({ a: "ö" }));
    expect(sent.error).toBe(null);
    expect(seen[0]?.headers.get("authorization")).toContain("/eu-central-1/execute-api/aws4_request");
    await sendTo({ url, method, auth: { ...(await stored()), service: "lambda" } }, eventWith({}));
    expect(seen[1]?.headers.get("authorization")).toContain("/eu-central-1/lambda/aws4_request");
    expect(await Promise.all(seen.map(faultOf))).toEqual([null, null]);
  });
});

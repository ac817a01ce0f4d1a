import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, fieldOf, unchecked } from "../../support/api.ts";
import create from "../../fixtures/pagertree-create.json";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { eventsIn, post } from "../../support/posting.ts";
import { tables } from "../../support/tables.ts";

const BODY = JSON.stringify(create);
const JSON_TYPE = { "content-type": "application/json" };

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({ EVENTS: queue });

beforeEach(() => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
});

async function send(id: unknown, headers: Record<string, string> = {}, body: BodyInit = BODY): Promise<Response> {
  return await post(bindings, `/integration/${String(id)}`, { body, headers: { ...JSON_TYPE, ...headers } });
}

async function statusOf(id: unknown, headers: Record<string, string> = {}): Promise<number> {
  return (await send(id, headers)).status;
}

const basic = (credentials: string): Record<string, string> => ({
  authorization: `Basic ${new TextEncoder().encode(credentials).toBase64()}`,
});

function unreadable(): { readonly body: ReadableStream<Uint8Array>; readonly pulls: () => number } {
  let count = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        count += 1;
        controller.enqueue(new Uint8Array(1_024));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, pulls: () => count };
}

describe("Basic credentials", () => {
  const auth = { type: "basic", username: "grüße", password: "pa:ss wörd" };

  it.each([
    ["right", basic("grüße:pa:ss wörd"), 200],
    [
      "with the scheme in another case",
      { authorization: basic("grüße:pa:ss wörd")["authorization"]?.replace("B", "b") ?? "" },
      200,
    ],
    ["missing", {}, 401],
    ["in ISO 8859-1", { authorization: `Basic ${btoa("grüße:pa:ss wörd")}` }, 200],
    ["of a wrong password in ISO 8859-1", { authorization: `Basic ${btoa("grüße:pa:ss wärd")}` }, 401],
    ["of a wrong password", basic("grüße:pa:ss word"), 401],
    ["of a wrong name", basic("gruesse:pa:ss wörd"), 401],
    ["without a password", basic("grüße:"), 401],
    ["without a colon", basic("grüße"), 401],
    ["without a name", basic(":pa:ss wörd"), 401],
    ["not in base64", { authorization: "Basic !!!" }, 401],
    ["empty", { authorization: "Basic" }, 401],
    ["of another scheme", { authorization: "Bearer pa:ss" }, 401],
  ])("%s have the documented status", async (_, headers, status) => {
    const { id } = await createIntegration({ auth: unchecked(auth) });
    const answer = await send(id, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("www-authenticate")).toBe(
      status === 401 ? 'Basic realm="webhooks", charset="UTF-8"' : null,
    );
    expect(sent).toHaveLength(status === 200 ? 1 : 0);
  });

  it("are ignored if the integration has none", async () => {
    const { id } = await createIntegration();
    expect(await statusOf(id, basic("any:thing"))).toBe(200);
  });
});

describe("a bearer token", () => {
  it.each([
    ["right", "Bearer t0ken-of-mine", 200],
    ["with the scheme in another case", "bearer t0ken-of-mine", 200],
    ["wrong", "Bearer t0ken-of-yours", 401],
    ["empty", "Bearer ", 401],
    ["without its scheme", "t0ken-of-mine", 401],
    ["in Basic", basic("t0ken-of-mine:")["authorization"] ?? "", 401],
  ])("that is %s has the documented status", async (_, authorization, status) => {
    const { id } = await createIntegration({ auth: { type: "bearer", token: "t0ken-of-mine" } });
    const answer = await send(id, { authorization });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'Bearer realm="webhooks"' : null);
  });
});

async function github(secret: string, body: string): Promise<Record<string, string>> {
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body));
  return { "x-hub-signature-256": `sha256=${new Uint8Array(mac).toHex()}` };
}

describe("a signature", () => {
  it("lets signed requests in, and no others", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    expect(await statusOf(id, await github("s3cret", BODY))).toBe(200);
    expect(sent).toHaveLength(1);
    expect(eventsIn(sent)[0]?.content.request.body).toBe(BODY);
    const answers = [
      await send(id),
      await send(id, await github("other", BODY)),
      await send(id, await github("s3cret", `${BODY} `)),
      await send(id, { "x-hub-signature-256": "sha256=zz" }),
    ];
    const problems = new Set<string>();
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      problems.add(await answer.text());
    }
    expect(problems.size).toBe(1);
    expect(sent).toHaveLength(1);
  });

  it("is required before the body is read", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const { body, pulls } = unreadable();
    expect((await send(id, {}, body)).status).toBe(401);
    expect(pulls()).toBe(0);
  });

  it("of a body that is too large is refused for its size", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const headers = { ...(await github("s3cret", BODY)), "content-length": String(11 * 1024 * 1024) };
    expect((await send(id, headers, unreadable().body)).status).toBe(413);
  });

  it("cannot be checked if the secret does not open: the sender receives 503", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const sealed = await contextOf(env).keys.seal("s3cret", "int_another");
    await tables.integrations.edit<object>({ id }, "auth", (auth) => ({ ...auth, sealed_secret: sealed }));
    contextOf(env).caches.integrations.forget(id);
    expect(await statusOf(id, await github("s3cret", BODY))).toBe(503);
  });

  it("by GitLab's token is refused with 401, and the token is not stored", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "gitlab", secret: "gl-s3cret" } });
    expect(await statusOf(id, { "x-gitlab-token": "other" })).toBe(401);
    expect(await statusOf(id, { "x-gitlab-token": "gl-s3cret" })).toBe(200);
    expect(JSON.stringify(sent)).not.toContain("gl-s3cret");
  });

  it("is stored, because it proves what was sent", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const headers = await github("s3cret", BODY);
    await send(id, headers);
    expect(eventsIn(sent)[0]?.content.request.headers).toMatchObject(headers);
  });
});

describe("the allow list", () => {
  it.each([
    [["203.0.113.7"], "203.0.113.7", 200],
    [["203.0.113.7"], "203.0.113.8", 403],
    [["203.0.113.0/24"], "203.0.113.255", 200],
    [["203.0.113.9/24"], "203.0.113.1", 200],
    [["203.0.113.0/25"], "203.0.113.128", 403],
    [["192.0.2.1", "198.51.100.0/30"], "198.51.100.3", 200],
    [["192.0.2.1", "198.51.100.0/30"], "198.51.100.4", 403],
    [["0.0.0.0/0"], "8.8.8.8", 200],
    [["0.0.0.0/0"], "2001:db8::1", 403],
    [["2001:db8::/32"], "2001:db8:ffff::1", 200],
    [["2001:db8::/33"], "2001:db8:ffff::1", 403],
    [["2001:DB8::1"], "2001:db8:0:0:0:0:0:1", 200],
    [["203.0.113.7"], "::ffff:203.0.113.7", 200],
    [["::ffff:203.0.113.7"], "203.0.113.7", 200],
    [["::ffff:203.0.113.0/120"], "203.0.113.99", 200],
    [["::/0"], "2001:db8::1", 200],
    [["203.0.113.7"], "not an address", 403],
    [["203.0.113.7"], "203.0.113.7/32", 403],
    [["203.0.113.7"], "", 403],
    [null, "203.0.113.8", 200],
  ])("%j meets %j", async (allowed, address, status) => {
    const { id } = await createIntegration({ allowed_ips: allowed });
    expect(await statusOf(id, { "cf-connecting-ip": address })).toBe(status);
  });

  it("treats a request without the platform's header as local", async () => {
    const { id } = await createIntegration({ allowed_ips: ["127.0.0.1"] });
    expect(await statusOf(id)).toBe(200);
    await client.integrations.update(id, { allowed_ips: ["192.0.2.1"] });
    expect(await statusOf(id)).toBe(403);
    await client.integrations.update(id, { allowed_ips: null });
    expect(await statusOf(id)).toBe(200);
  });

  it("is checked before the credentials", async () => {
    const { id } = await createIntegration({ allowed_ips: ["192.0.2.1"], auth: { type: "bearer", token: "t" } });
    expect(await statusOf(id, { authorization: "Bearer t" })).toBe(403);
    expect(await statusOf(id, { authorization: "Bearer u" })).toBe(403);
    expect(await statusOf(id, { authorization: "Bearer u", "cf-connecting-ip": "192.0.2.1" })).toBe(401);
  });
});

describe("the rate limit", () => {
  const rate_limit = { requests: 2, period_seconds: 3_600 };

  it("refuses requests above it, with Retry-After", async () => {
    const { id } = await createIntegration({ rate_limit });
    const other = await createIntegration({ rate_limit });
    expect([await statusOf(id), await statusOf(id)]).toEqual([200, 200]);
    const answer = await send(id);
    expect(answer.status).toBe(429);
    const seconds = Number(answer.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_780);
    expect(sent).toHaveLength(2);
    expect(await statusOf(other.id)).toBe(200);
  });

  it("is not charged for a sender that is not let in", async () => {
    const { id } = await createIntegration({
      rate_limit,
      auth: { type: "bearer", token: "t" },
      allowed_ips: ["127.0.0.1"],
    });
    for (let i = 0; i < 5; i++) {
      expect(await statusOf(id, { authorization: "Bearer u" })).toBe(401);
      expect(await statusOf(id, { authorization: "Bearer t", "cf-connecting-ip": "192.0.2.1" })).toBe(403);
    }
    const good = { authorization: "Bearer t" };
    expect([await statusOf(id, good), await statusOf(id, good), await statusOf(id, good)]).toEqual([200, 200, 429]);
  });

  it("can be removed", async () => {
    const { id } = await createIntegration({ rate_limit: { requests: 1, period_seconds: 60 } });
    expect([await statusOf(id), await statusOf(id)]).toEqual([200, 429]);
    await client.integrations.update(id, { rate_limit: null });
    expect(await statusOf(id)).toBe(200);
  });
});

describe("a rotated credential", () => {
  const cases = [
    [{ type: "token" }, "token", (value: string) => Promise.resolve({ "pagertree-token": value }), 403],
    [{ type: "bearer" }, "token", (value: string) => Promise.resolve({ authorization: `Bearer ${value}` }), 401],
    [{ type: "basic", username: "ann" }, "password", (value: string) => Promise.resolve(basic(`ann:${value}`)), 401],
    [{ type: "signature", scheme: "github" }, "secret", (value: string) => github(value, BODY), 401],
  ] as const;

  it.each(cases)("%j is accepted beside the old one until the overlap ends", async (auth, name, headersOf, refusal) => {
    const made = await createIntegration({ auth });
    const first = String(fieldOf(made.auth, name));
    const rotated = unwrap(await client.integrations.rotateToken(made.id, { overlap_seconds: 3_600 }));
    const second = String(fieldOf(rotated.auth, name));
    expect(second).not.toBe(first);
    for (const value of [first, second]) expect(await statusOf(made.id, await headersOf(value))).toBe(200);

    const ended = new Date(Date.now() - 1).toISOString();
    await tables.integrations.edit<{ previous: object[] }>({ id: made.id }, "auth", (auth) => ({
      ...auth,
      previous: auth.previous.with(0, { ...auth.previous[0], expires_at: ended }),
    }));
    contextOf(env).caches.integrations.forget(made.id);
    expect(await statusOf(made.id, await headersOf(first))).toBe(refusal);
    expect(await statusOf(made.id, await headersOf(second))).toBe(200);

    const again = unwrap(await client.integrations.rotateToken(made.id, { overlap_seconds: 0 }));
    const third = String(fieldOf(again.auth, name));
    expect(await statusOf(made.id, await headersOf(second))).toBe(refusal);
    expect(await statusOf(made.id, await headersOf(third))).toBe(200);
  });
});

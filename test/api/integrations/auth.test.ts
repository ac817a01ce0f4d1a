import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { SIGNATURE_SCHEMES } from "../../../src/signing/schemes/registry.ts";
import { findIntegration } from "../../../src/storage/config/integrations.ts";
import { unwrap } from "../../../src/client/index.ts";
import {
  client,
  createIntegration,
  faultsOf,
  fieldOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { revision, tables } from "../../support/tables.ts";

const PUBLIC_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

async function refusal(auth: object): Promise<string[]> {
  const reply = await client.integrations.create({ name: "a", type: "pagertree", auth: unchecked(auth) });
  expect(statusOf(reply)).toBe(400);
  return [...new Set(faultsOf(reply))];
}

async function storedAuth(id: unknown): Promise<Readonly<Record<string, unknown>>> {
  const integration = await findIntegration(asPrimary(env.DB), String(id));
  if (integration === null) throw new Error("not stored");
  return integration.auth;
}

describe("the auth of an integration", () => {
  it.each([
    [{ type: "basic", username: "ann", password: "pässword" }, { type: "basic", username: "ann" }, ["password"]],
    [{ type: "bearer", token: "b3arer" }, { type: "bearer" }, ["token"]],
    [{ type: "signature", scheme: "github", secret: "my s3cret" }, { type: "signature", scheme: "github" }, ["secret"]],
    [
      { type: "signature", scheme: "meta", secret: "s3cret-of-app", verify_token: "v3rify" },
      { type: "signature", scheme: "meta" },
      ["secret", "verify_token"],
    ],
    [
      { type: "signature", scheme: "hmac", secret: "s3cret-of-mine", header: "X-Acme", prefix: "sha256=" },
      {
        type: "signature",
        scheme: "hmac",
        header: "x-acme",
        algorithm: "sha256",
        encoding: "hex",
        prefix: "sha256=",
        timestamp_header: null,
        id_header: null,
        signature_field: null,
        timestamp_field: null,
        template: "{{body}}",
      },
      ["secret"],
    ],
  ])("%j is shown whole once, and then without what proves it", async (auth, shown, secrets) => {
    const made = await createIntegration({ auth: unchecked(auth) });
    const revealed = Object.fromEntries(Object.entries(auth).filter(([name]) => secrets.includes(name)));
    expect(made.auth).toEqual({ ...shown, ...revealed });
    const row = JSON.stringify(await tables.integrations.first());
    for (const path of [`/integrations/${made.id}`, "/integrations"]) {
      const { text } = await request(path);
      for (const secret of Object.values(revealed)) {
        expect(text).not.toContain(secret);
        expect(row).not.toContain(secret);
      }
      expect(text).not.toMatch(/hash|sealed|previous/);
    }
    expect(unwrap(await client.integrations.get(made.id)).auth).toEqual(shown);
  });

  it.each(["standard-webhooks", "github", "gitlab", "grafana", "hmac"])(
    "has a secret made for %s, whose sender takes one",
    async (scheme) => {
      const { auth } = await createIntegration({ auth: unchecked({ type: "signature", scheme }) });
      expect(fieldOf(auth, "secret")).toMatch(
        scheme === "standard-webhooks" ? /^whsec_[\w+/]{43}=$/ : /^sec_[\w+/]{43}=$/,
      );
    },
  );

  it.each(["stripe", "slack", "shopify", "pagerduty", "sentry", "linear", "twilio", "discord", "zoom", "meta"])(
    "needs the secret of %s, which makes it itself",
    async (scheme) => {
      expect(await refusal({ type: "signature", scheme })).toEqual(["auth.secret"]);
      const secret = scheme === "discord" ? PUBLIC_KEY : "s3cret";
      const { auth } = await createIntegration({ auth: unchecked({ type: "signature", scheme, secret }) });
      expect(auth).toMatchObject({ scheme });
    },
  );

  it.each([
    [{ type: "digest" }, ["auth.type"]],
    [{ type: "basic" }, ["auth.username"]],
    [{ type: "basic", username: "a:b" }, ["auth.username"]],
    [{ type: "basic", username: "" }, ["auth.username"]],
    [{ type: "basic", username: "a\n" }, ["auth.username"]],
    [{ type: "basic", username: "a", password: "" }, ["auth.password"]],
    [{ type: "basic", username: "a", password: "\u0000" }, ["auth.password"]],
    [{ type: "basic", username: "a", token: "x" }, ["auth.token"]],
    [{ type: "bearer", token: "a b" }, ["auth.token"]],
    [{ type: "bearer", token: "ä" }, ["auth.token"]],
    [{ type: "bearer", header: "x" }, ["auth.header"]],
    [{ type: "signature" }, ["auth.scheme"]],
    [{ type: "signature", scheme: "md5" }, ["auth.scheme"]],
    [{ type: "signature", scheme: ["github"] }, ["auth.scheme"]],
    [{ type: "signature", scheme: "github", secret: "" }, ["auth.secret"]],
    [{ type: "signature", scheme: "github", secret: " s" }, ["auth.secret"]],
    [{ type: "signature", scheme: "github", secret: "s\n" }, ["auth.secret"]],
    [{ type: "signature", scheme: "github", secret: "s".repeat(1_025) }, ["auth.secret"]],
    [{ type: "signature", scheme: "github", secret: 7 }, ["auth.secret"]],
    [{ type: "signature", scheme: "github", header: "x" }, ["auth.header"]],
    [{ type: "signature", scheme: "github", sealed_secret: "x" }, ["auth.sealed_secret"]],
    [{ type: "signature", scheme: "standard-webhooks", secret: "plain" }, ["auth.secret"]],
    [{ type: "signature", scheme: "discord", secret: "plain" }, ["auth.secret"]],
    [{ type: "signature", scheme: "meta", secret: "s", verify_token: "" }, ["auth.verify_token"]],
    [{ type: "signature", scheme: "hmac", algorithm: "md5" }, ["auth.algorithm"]],
    [{ type: "signature", scheme: "hmac", encoding: "base32" }, ["auth.encoding"]],
    [{ type: "signature", scheme: "hmac", header: "a b" }, ["auth.header"]],
    [{ type: "signature", scheme: "hmac", header: "Content-Length" }, ["auth.header"]],
    [{ type: "signature", scheme: "hmac", prefix: " a" }, ["auth.prefix"]],
    [{ type: "signature", scheme: "hmac", template: "{{timestamp}}" }, ["auth.template"]],
    [{ type: "signature", scheme: "hmac", template: "{{uri}}{{body}}" }, ["auth.template"]],
    [{ type: "signature", scheme: "hmac", template: "{{timestamp}}.{{body}}" }, ["auth.timestamp_header"]],
    [{ type: "signature", scheme: "hmac", template: "{{body}}", timestamp_header: "x-time" }, ["auth.template"]],
    [{ type: "signature", scheme: "hmac", template: "{{id}}.{{body}}" }, ["auth.id_header"]],
    [{ type: "signature", scheme: "hmac", template: "{{body}}", id_header: "x-id" }, ["auth.template"]],
  ])("%j is refused with its place", async (auth, paths) => {
    expect(await refusal(auth)).toEqual(paths);
  });

  it("names the schemes that there are", async () => {
    const auth = unchecked({ type: "signature", scheme: "md5" });
    const reply = await client.integrations.create({ name: "a", type: "pagertree", auth });
    for (const scheme of SIGNATURE_SCHEMES) expect(textOf(reply)).toContain(scheme);
  });

  it("signs the time as well where a header for it is named", async () => {
    const { auth } = await createIntegration({
      auth: { type: "signature", scheme: "hmac", timestamp_header: "X-Time" },
    });
    expect(auth).toMatchObject({ timestamp_header: "x-time", template: "{{timestamp}}.{{body}}" });
  });
});

describe("PATCH of the auth", () => {
  it("keeps the secret if none is named, and what else was set", async () => {
    const { id } = await createIntegration({
      auth: { type: "signature", scheme: "grafana", secret: "s3cret", timestamp_header: "x-time" },
    });
    const before = await storedAuth(id);
    const changed = await client.integrations.update(id, {
      auth: { type: "signature", scheme: "grafana", header: "x-mine" },
    });
    expect(unwrap(changed).auth).toEqual({
      type: "signature",
      scheme: "grafana",
      header: "x-mine",
      timestamp_header: "x-time",
    });
    expect((await storedAuth(id)).sealed_secret).toBe(before.sealed_secret);
  });

  it("keeps the password of a user that is renamed, and Meta's token", async () => {
    const one = await createIntegration({ auth: { type: "basic", username: "ann", password: "pw" } });
    const renamed = await client.integrations.update(one.id, { auth: { type: "basic", username: "bob" } });
    expect(unwrap(renamed).auth).toEqual({ type: "basic", username: "bob" });
    const { password_hash: hash } = await storedAuth(one.id);
    expect(await contextOf(env).keys.tokenMatches("pw", String(hash))).toBe(true);

    const two = await createIntegration({ auth: { type: "signature", scheme: "meta", secret: "s3cret" } });
    expect(fieldOf(two.auth, "verify_token")).toMatch(/^tok_/);
    const auth = { type: "signature", scheme: "meta", secret: "other" };
    const changed = await client.integrations.update(two.id, { auth: unchecked(auth) });
    expect(unwrap(changed).auth).toEqual({ type: "signature", scheme: "meta", secret: "other" });
  });

  it("takes no secret over to another scheme", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const reply = await client.integrations.update(id, { auth: { type: "signature", scheme: "stripe" } });
    expect(faultsOf(reply)).toEqual(["auth.secret"]);
    const made = await client.integrations.update(id, { auth: { type: "signature", scheme: "gitlab" } });
    expect(fieldOf(unwrap(made).auth, "secret")).toMatch(/^sec_/);
  });

  it("seals a secret so that it opens for its own integration only", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "github", secret: "s3cret" } });
    const { sealed_secret: sealed } = await storedAuth(id);
    const { keys } = contextOf(env);
    expect(await keys.unseal(String(sealed), id)).toEqual({ ok: true, value: "s3cret" });
    expect((await keys.unseal(String(sealed), "int_other")).ok).toBe(false);
  });
});

describe("rotate-token", () => {
  it.each([
    [{ type: "token", header: "x-mine" }, "token", /^tok_/],
    [{ type: "bearer" }, "token", /^tok_/],
    [{ type: "basic", username: "ann" }, "password", /^pwd_/],
    [{ type: "signature", scheme: "standard-webhooks" }, "secret", /^whsec_/],
    [{ type: "signature", scheme: "hmac", prefix: "v1=" }, "secret", /^sec_/],
  ])("gives %j a new one, and keeps everything else", async (auth, name, form) => {
    const made = await createIntegration({ auth: unchecked(auth) });
    const start = await revision();
    const before = Date.now();
    const rotated = await client.integrations.rotateToken(made.id, { overlap_seconds: 600 });
    expect(statusOf(rotated)).toBe(200);
    const after: Readonly<Record<string, unknown>> = unwrap(rotated).auth;
    const { [name]: fresh, previous_expires_at: ends, ...rest } = after;
    expect(fresh).toMatch(form);
    expect(fresh).not.toBe(fieldOf(made.auth, name));
    expect(Date.parse(String(ends)) - before).toBeGreaterThanOrEqual(600_000);
    expect({ ...made.auth, [name]: undefined }).toEqual({ ...rest, [name]: undefined });
    const { auth: _, updated_at: __, ...same } = made;
    expect(unwrap(rotated)).toMatchObject(same);
    const shown = await client.integrations.get(made.id);
    expect(unwrap(shown)).toEqual({ ...unwrap(rotated), auth: { ...rest, previous_expires_at: ends } });
    expect(await revision()).toBe(start + 1);
  });

  it("takes an overlap of a day if none is named, and an empty body", async () => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    for (const body of [{}, undefined]) {
      const { auth } = unwrap(await client.integrations.rotateToken(id, body));
      const ms = Date.parse(String(fieldOf(auth, "previous_expires_at"))) - Date.now();
      expect(Math.abs(ms - 86_400_000)).toBeLessThan(60_000);
    }
  });

  it("takes the secret that the vendor made, for a vendor that makes it", async () => {
    const { id } = await createIntegration({ auth: { type: "signature", scheme: "stripe", secret: "whsec_one" } });
    expect(faultsOf(await client.integrations.rotateToken(id, {}))).toEqual(["secret"]);
    const json = unwrap(await client.integrations.rotateToken(id, { secret: "whsec_two" }));
    expect(json.auth).toMatchObject({ scheme: "stripe", secret: "whsec_two" });
    const { previous } = await storedAuth(id);
    expect(previous).toHaveLength(1);
  });

  it.each([
    [{ overlap_seconds: -1 }, "overlap_seconds"],
    [{ overlap_seconds: 604_801 }, "overlap_seconds"],
    [{ overlap_seconds: 1.5 }, "overlap_seconds"],
    [{ overlap_seconds: "60" }, "overlap_seconds"],
    [{ overlap_seconds: null }, "overlap_seconds"],
    [{ token: "mine" }, "token"],
    [{ secret: "mine" }, "secret"],
    [[], ""],
  ])("refuses %j and what is not JSON", async (body, path) => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    const reply = await client.integrations.rotateToken(id, unchecked(body));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual([path]);
    const broken = await request(`/integrations/${id}/rotate-token`, { method: "POST", body: "{" });
    expect([broken.status, faultsOf(broken)]).toEqual([400, [""]]);
  });

  it("is 409 where there is nothing to rotate, and 404 where there is no integration", async () => {
    const { id } = await createIntegration();
    expect(statusOf(await client.integrations.rotateToken(id, {}))).toBe(409);
    expect(statusOf(await client.integrations.rotateToken("int_none", {}))).toBe(404);
    expect((await request(`/integrations/${id}/rotate-token`)).status).toBe(405);
  });

  it("forgets all earlier ones with an overlap of 0", async () => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    await client.integrations.rotateToken(id, { overlap_seconds: 60 });
    await client.integrations.rotateToken(id, { overlap_seconds: 60 });
    expect((await storedAuth(id)).previous).toHaveLength(2);
    const json = unwrap(await client.integrations.rotateToken(id, { overlap_seconds: 0 }));
    expect(json.auth).not.toHaveProperty("previous_expires_at");
    expect((await storedAuth(id)).previous).toEqual([]);
  });

  it("keeps every one of several that are made at once, and refuses more than ten", async () => {
    const made = await createIntegration({ auth: { type: "token" } });
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => client.integrations.rotateToken(made.id, { overlap_seconds: 60 })),
    );
    const tokens = [made, ...replies.map(unwrap)].map(({ auth }) => String(fieldOf(auth, "token")));
    const auth = await storedAuth(made.id);
    const hashes = JSON.stringify(auth);
    for (const token of tokens) expect(hashes).toContain(await contextOf(env).keys.hashToken(token));
    for (let i = 0; i < 6; i++) expect(statusOf(await client.integrations.rotateToken(made.id, {}))).toBe(200);
    expect(statusOf(await client.integrations.rotateToken(made.id, {}))).toBe(409);
    expect(statusOf(await client.integrations.rotateToken(made.id, { overlap_seconds: 0 }))).toBe(200);
  });

  it("gives the same answer to the same Idempotency-Key", async () => {
    const { id } = await createIntegration({ auth: { type: "token" } });
    const call = () => client.integrations.rotateToken(id, {}, { idempotency_key: "once" });
    const [first, second] = [await call(), await call()];
    expect(unwrap(second)).toEqual(unwrap(first));
    expect((await storedAuth(id)).previous).toHaveLength(1);
  });
});

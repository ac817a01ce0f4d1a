import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApiRoutes } from "../../../src/api/api.ts";
import { readConfig } from "../../../src/storage/config/config.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, faultsOf, statusOf, textOf, unchecked } from "../../support/api.ts";

const apiRoutes = createApiRoutes();

const BOUND = { DB: env.DB, FORWARD: fakeQueue().queue, EMAIL: { send: () => Promise.resolve() } };

async function post(body: object, bindings: object = BOUND) {
  return await clientOf({ bindings: { ...bindings } }).destinations.create(unchecked({ name: "d", ...body }));
}

const KEY = { key: "alerts/{{ data.alert.key }}/{{ data.event.id }}.txt" };
const MAIL = { from: "gate@example.com", to: "ops+alerts@example.co.uk", subject: "{{ data.alert.title }}" };

describe("a destination that is no webhook", () => {
  it.each([
    ["document", KEY],
    ["queue", { binding: "FORWARD" }],
    ["email", MAIL],
  ])("of the type %s has options in place of a URL, and nothing that is signed", async (type, options) => {
    const reply = await post({ type, options });
    expect(statusOf(reply)).toBe(201);
    expect(unwrap(reply)).toMatchObject({
      type,
      options,
      url: null,
      signing: { scheme: "none" },
      auth: { type: "none" },
    });
    expect(textOf(reply)).not.toContain("signing_secret");
    expect(unwrap(await client.destinations.get(unwrap(reply).id))).toEqual(unwrap(reply));
    const [stored] = (await readConfig(asPrimary(env.DB))).destinations.values();
    expect(stored).toMatchObject({ type, options, url: "", signing_secrets: [] });
  });

  const refused: [object, string[]][] = [
    [{ type: "document" }, ["options.key"]],
    [{ type: "document", options: { key: "" } }, ["options.key"]],
    [{ type: "document", options: { key: " / " } }, ["options.key"]],
    [{ type: "document", options: { key: "a{{" } }, ["options.key"]],
    [{ type: "document", options: { key: "{% include 'x' %}" } }, ["options.key"]],
    [{ type: "document", options: { key: "x".repeat(2_001) } }, ["options.key"]],
    [{ type: "document", options: { key: 5 } }, ["options.key"]],
    [{ type: "document", options: { ...KEY, bucket: "b" } }, ["options.bucket"]],
    [{ type: "document", options: KEY, url: "https://hooks.example.com" }, ["url"]],
    [{ type: "document", options: KEY, method: "PUT", headers: {} }, ["method", "headers"]],
    [{ type: "document", options: KEY, signing: { scheme: "standard-webhooks" } }, ["signing"]],
    [{ type: "document", options: KEY, auth: { type: "none" } }, ["auth"]],
    [{ type: "queue", options: {} }, ["options.binding"]],
    [{ type: "queue", options: { binding: 5 } }, ["options.binding"]],
    ...["", "NONE", "EVENTS", "DELIVERIES", "DEAD_LETTERS", "DB", "BODIES", "EMAIL", "ADMIN_TOKEN", "constructor"].map(
      (binding): [object, string[]] => [{ type: "queue", options: { binding } }, ["options.binding"]],
    ),
    [{ type: "email", options: {} }, ["options.from", "options.to"]],
    ...[
      "",
      "ops",
      "@example.com",
      "ops@localhost",
      "a b@example.com",
      "ops@example.com\r\nBcc: x@example.com",
      "Ops <ops@example.com>",
      '"a b"@example.com',
      "a@example.com,b@example.com",
      "ops@exämple.com",
      "ops@example.com\n",
      `${"a".repeat(65)}@example.com`,
    ].map((to): [object, string[]] => [{ type: "email", options: { ...MAIL, to } }, ["options.to"]]),
    [{ type: "email", options: { ...MAIL, subject: "{{" } }, ["options.subject"]],
    [{ type: "email", options: { ...MAIL, html: "<b>" } }, ["options.html"]],
  ];
  const named = refused.map(([body, paths]) => [JSON.stringify(body).slice(0, 120), body, paths] as const);
  it.each(named)("is refused as %s", async (_what, body, paths) => {
    const reply = await post(body);
    expect([statusOf(reply), faultsOf(reply)]).toEqual([400, paths]);
    expect((await readConfig(asPrimary(env.DB))).destinations.size).toBe(0);
  });

  it("of the type email is refused by its type where no mail can be sent, with the binding that it takes", async () => {
    for (const options of [MAIL, {}]) {
      const reply = await post({ type: "email", options }, { DB: env.DB });
      expect([statusOf(reply), faultsOf(reply)]).toEqual([400, ["type"]]);
      expect(textOf(reply)).toContain("lacks the binding EMAIL (send_email)");
    }
  });

  it("has a subject if none is given", async () => {
    const { from, to } = MAIL;
    expect(unwrap(await post({ type: "email", options: { from, to } })).options).toMatchObject({
      subject: "{{ data.alert.title | default: type }}",
    });
  });

  it("keeps the options that a change does not name, and takes nothing of a webhook", async () => {
    const { id } = unwrap(await post({ type: "email", options: MAIL }));
    const patch = async (body: object) => await clientOf({ bindings: { ...BOUND } }).destinations.update(id, body);
    expect(unwrap(await patch({ options: { to: "b@example.com" } })).options).toEqual({
      ...MAIL,
      to: "b@example.com",
    });
    expect(faultsOf(await patch({ url: "https://hooks.example.com" }))).toEqual(["url"]);
    expect(faultsOf(await patch({ method: "PUT" }))).toEqual(["method"]);
    expect(faultsOf(await patch({ options: { to: "b" } }))).toEqual(["options.to"]);
    expect(faultsOf(await patch({ type: "webhook" }))).toEqual(["type"]);
    const off = await client.destinations.update(id, { enabled: false });
    expect([statusOf(off), unwrap(off).enabled]).toEqual([200, false]);
  });
});

it("a missing url is told with whatever else is missing, and only of webhooks", async () => {
  expect(faultsOf(await client.destinations.create(unchecked({ timeout_ms: 1 }))).toSorted()).toEqual([
    "name",
    "timeout_ms",
    "url",
  ]);
  expect(faultsOf(await client.destinations.create(unchecked({ type: "nope" })))).toContain("type");
  expect(faultsOf(await client.destinations.create(unchecked({ type: "document" })))).toEqual(["name"]);
  expect(faultsOf(await client.destinations.create({ type: "document", name: "d" }))).toEqual(["options.key"]);
});

it("a test of a queue tells that it was taken", async () => {
  const { queue, sent } = fakeQueue();
  const { id } = unwrap(await post({ type: "queue", options: { binding: "FORWARD" } }));
  const init = { method: "POST", headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } };
  const answer = await apiRoutes.request(`/destinations/${id}/test`, init, Object.assign({}, env, { FORWARD: queue }));
  expect(await answer.json()).toMatchObject({ ok: true, status: null, error: null, hint: null });
  expect(sent).toMatchObject([{ type: "test", body: { type: "test" } }]);
  const { queue: broken } = fakeQueue("throws");
  const failed = await apiRoutes.request(`/destinations/${id}/test`, init, Object.assign({}, env, { FORWARD: broken }));
  expect(await failed.json()).toMatchObject({
    ok: false,
    error: "The queue did not accept the message.",
    hint: "Nothing reached the destination. See the error.",
  });
  const without = await apiRoutes.request(`/destinations/${id}/test`, init, env);
  expect(await without.json()).toMatchObject({ ok: false, error: "The gateway has no queue bound as FORWARD." });
});

describe("a destination in a store", () => {
  const auth = { type: "aws_sigv4", access_key_id: "AKID", secret_access_key: "s3cret-of-the-store" };
  const url = "https://store.example.com";
  const of = (more: object) => ({ type: "s3", url, auth, options: { bucket: "orchard" }, ...more });

  it("has an endpoint, a bucket and sealed credentials, and puts", async () => {
    const reply = await post(of({ auth: { ...auth, session_token: "t0ken-of-the-store" } }));
    expect(statusOf(reply)).toBe(201);
    const made = unwrap(reply);
    expect(made).toMatchObject({
      type: "s3",
      url,
      method: "PUT",
      signing: { scheme: "none" },
      options: { bucket: "orchard", addressing: "path", storage_class: "", content_type: "" },
    });
    expect(made.auth).toEqual({
      type: "aws_sigv4",
      access_key_id: "AKID",
      region: "us-east-1",
      service: null,
      has_session_token: true,
    });
    expect(textOf(reply)).not.toContain("of-the-store");
    const [stored] = (await readConfig(asPrimary(env.DB))).destinations.values();
    expect(JSON.stringify(stored)).not.toContain("of-the-store");
  });

  it("keeps its secrets in a change that omits them, and a session token only with its key", async () => {
    const { id } = unwrap(await post(of({ auth: { ...auth, session_token: "t0ken" } })));
    const { secret_access_key: _secret, ...names } = auth;
    const change = async (given: object) =>
      unwrap(await client.destinations.update(id, unchecked({ auth: given }))).auth;
    expect(await change({ ...names, region: "eu-west-1" })).toMatchObject({
      region: "eu-west-1",
      has_session_token: true,
    });
    expect(await change({ ...names, session_token: null })).toMatchObject({ has_session_token: false });
    expect(await change({ ...auth, session_token: "another" })).toMatchObject({ has_session_token: true });
    expect(await change(auth)).toMatchObject({ has_session_token: false });
  });

  it.each([
    [{ url: undefined }, ["url"]],
    [{ url: `${url}/?versionId=1` }, ["url"]],
    [{ options: {} }, ["options.bucket"]],
    [{ options: { bucket: "a..b" } }, ["options.bucket"]],
    [{ auth: undefined }, ["auth.type"]],
    [{ auth: { type: "bearer", token: "t" } }, ["auth.type"]],
    [{ auth: { ...auth, secret_access_key: undefined } }, ["auth.secret_access_key"]],
    [{ auth: { ...auth, secret_access_key: "a b" } }, ["auth.secret_access_key"]],
    [{ auth: { ...auth, access_key_id: "a/b" } }, ["auth.access_key_id"]],
    [{ auth: { ...auth, region: "eu/west" } }, ["auth.region"]],
    [{ auth: { ...auth, service: "S3" } }, ["auth.service"]],
    [{ method: "POST" }, ["method"]],
    [{ signing: { scheme: "standard-webhooks" } }, ["signing"]],
    [{ payload: { mode: "preset", preset: "cloudevents" } }, ["payload.mode"]],
  ])("is refused with %j", async (more, paths) => {
    const reply = await post(of(more));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(paths);
  });

  it.each([
    ["https://127.0.0.1:9000", "orchard", "true", ["options.addressing"]],
    ["http://[::1]:9000", "orchard", "true", ["options.addressing"]],
    ["https://google.internal", "metadata", "true", ["options.bucket"]],
    ["https://example.net", "gate", "false", ["options.bucket"]],
    [`https://${"very-long.".repeat(20)}example.com`, "o".repeat(63), "false", ["options.bucket"]],
  ])("at %s cannot have the bucket %s in front of the host", async (endpoint, bucket, allowed, paths) => {
    const bindings = { ...BOUND, ALLOW_PRIVATE_DESTINATIONS: allowed };
    const made = async (addressing: string) =>
      await post(of({ url: endpoint, options: { bucket, addressing } }), bindings);
    const refused = await made("virtual_host");
    expect([statusOf(refused), faultsOf(refused)]).toEqual([400, paths]);
    const { id } = unwrap(await made("path"));
    const change = unchecked({ options: { addressing: "virtual_host" } });
    const changed = await clientOf({ bindings }).destinations.update(id, change);
    expect([statusOf(changed), faultsOf(changed)]).toEqual([400, paths]);
  });

  it("refuses a change that does not fit", async () => {
    const { id } = unwrap(await post(of({})));
    const faults = async (change: object) => faultsOf(await client.destinations.update(id, unchecked(change)));
    expect(await faults({ method: "POST" })).toEqual(["method"]);
    expect(await faults({ signing: { scheme: "standard-webhooks" } })).toEqual(["signing"]);
    expect(await faults({ auth: { type: "none" } })).toEqual(["auth.type"]);
    expect(await faults({ url: "https://thief.example.net" })).toEqual(["auth.secret_access_key"]);
    expect(statusOf(await client.destinations.update(id, unchecked({ method: "PUT", options: { key: "k" } })))).toBe(
      200,
    );
  });
});

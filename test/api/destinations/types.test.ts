import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApiRoutes } from "../../../src/api/api.ts";
import { readConfig } from "../../../src/storage/config/config.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { type Reply, api, faults } from "../client.ts";

const apiRoutes = createApiRoutes();

const BOUND = { DB: env.DB, FORWARD: fakeQueue().queue, EMAIL: { send: () => Promise.resolve() } };

async function post(body: object, bindings: object = BOUND): Promise<Reply> {
  return await api("POST", "/destinations", { name: "d", ...body }, {}, { ...bindings });
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
    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject({ type, options, url: null, signing: { scheme: "none" }, auth: { type: "none" } });
    expect(reply.text).not.toContain("signing_secret");
    expect((await api("GET", `/destinations/${reply.json["id"]}`)).json).toEqual(reply.json);
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
    expect([reply.status, faults(reply)]).toEqual([400, paths]);
    expect((await readConfig(asPrimary(env.DB))).destinations.size).toBe(0);
  });

  it("of the type email is refused by its type where no mail can be sent, with the binding that it takes", async () => {
    for (const options of [MAIL, {}]) {
      const reply = await post({ type: "email", options }, { DB: env.DB });
      expect([reply.status, faults(reply)]).toEqual([400, ["type"]]);
      expect(reply.text).toContain("lacks the binding EMAIL (send_email)");
    }
  });

  it("has a subject where none is given", async () => {
    const { from, to } = MAIL;
    expect((await post({ type: "email", options: { from, to } })).json["options"]).toMatchObject({
      subject: "{{ data.alert.title | default: type }}",
    });
  });

  it("keeps the options that a change does not name, and takes nothing of a webhook", async () => {
    const { id } = (await post({ type: "email", options: MAIL })).json;
    const patch = async (body: object): Promise<Reply> =>
      await api("PATCH", `/destinations/${id}`, body, {}, { ...BOUND });
    expect((await patch({ options: { to: "b@example.com" } })).json["options"]).toEqual({
      ...MAIL,
      to: "b@example.com",
    });
    expect(faults(await patch({ url: "https://hooks.example.com" }))).toEqual(["url"]);
    expect(faults(await patch({ method: "PUT" }))).toEqual(["method"]);
    expect(faults(await patch({ options: { to: "b" } }))).toEqual(["options.to"]);
    expect(faults(await patch({ type: "webhook" }))).toEqual(["type"]);
    const off = await api("PATCH", `/destinations/${id}`, { enabled: false });
    expect([off.status, off.json["enabled"]]).toEqual([200, false]);
  });
});

it("a missing url is told with whatever else is missing, and only of webhooks", async () => {
  expect(faults(await api("POST", "/destinations", { timeout_ms: 1 })).toSorted()).toEqual([
    "name",
    "timeout_ms",
    "url",
  ]);
  expect(faults(await api("POST", "/destinations", { type: "nope" }))).toContain("type");
  expect(faults(await api("POST", "/destinations", { type: "document" }))).toEqual(["name"]);
  expect(faults(await api("POST", "/destinations", { type: "document", name: "d" }))).toEqual(["options.key"]);
});

it("a test of a queue tells that it was taken", async () => {
  const { queue, sent } = fakeQueue();
  const { id } = (await post({ type: "queue", options: { binding: "FORWARD" } })).json;
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

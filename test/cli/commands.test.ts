import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { Running, commandsOf } from "./run.ts";

// Each command against a gateway that `npm start` runs. Tests use what earlier ones made.

const stage = new Stage();
const { gateway } = stage;
const receiver = new Receiver();
const folder = mkdtempSync(join(tmpdir(), "hookgate-cli-"));
let commands: ReturnType<typeof commandsOf>;

beforeAll(async () => {
  await Promise.all([gateway.start(), stage.open(receiver)]);
  commands = commandsOf(gateway.url, gateway.adminToken);
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stage.strike();
});

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test("whoami shows the gateway and the scopes of the token", async () => {
  expect(await commands.json(["whoami"])).toMatchObject({ url: gateway.url, scopes: ["read", "write", "admin"] });
  for (const [scope, scopes] of [
    ["read", ["read"]],
    ["write", ["read", "write"]],
  ] as const) {
    const { token } = await commands.json(["tokens", "create", "--name", scope, "--scope", scope]);
    const { whoami } = { whoami: commandsOf(gateway.url, token) };
    expect(await whoami.json(["whoami"])).toMatchObject({ scopes });
  }
});

describe("integrations, destinations and routes", () => {
  test("are created by flags, with names for references", async () => {
    const integration = await commands.json(["integrations", "create", "--name", "Orders", "--type", "catch"]);
    const url = ["--url", receiver.url];
    const destination = await commands.json(["destinations", "create", "--name", "Receiver", ...url]);
    const names = ["--integration", "Orders", "--destination", "Receiver"];
    const route = await commands.json(["routes", "create", "--name", "All", ...names]);
    expect(integration).toMatchObject({ name: "Orders", type: "catch" });
    expect(destination.signing_secret).toMatch(/^whsec_/);
    expect(route).toMatchObject({ integration_ids: [integration.id], destination_ids: [destination.id] });
  });

  test("are created from a file, as YAML, as JSON and from stdin", async () => {
    const yaml = fileOf("a.yaml", "name: From YAML\ntype: rules\noptions:\n  rule_set: alertmanager\n");
    expect(await commands.json(["integrations", "create", "-f", yaml])).toMatchObject({ type: "rules" });
    const json = fileOf("a.json", '{"name":"From JSON","type":"catch"}');
    expect(await commands.json(["integrations", "create", "-f", json, "--disable"])).toMatchObject({ enabled: false });
    const input = "name: From stdin\ndestination_ids: [Receiver]\n";
    expect(await commands.json(["routes", "create", "-f", "-", "--disable"], input)).toMatchObject({
      name: "From stdin",
    });
  });

  test("are listed as a table, and with --json as the API's page", async () => {
    const page = await commands.json(["integrations", "list", "--limit", "2"]);
    expect(page.data).toHaveLength(2);
    expect(page.next_cursor).not.toBeNull();
    const all = await commands.json(["integrations", "list", "--all"]);
    expect(all).toMatchObject({ next_cursor: null });
    const table = await commands.text(["integrations", "list"]);
    expect(table.split("\n")[0]).toMatch(/^NAME +TYPE +STATUS/);
    for (const { id } of all.data) expect(table).toContain(id);
    expect(await commands.text(["routes", "list"])).toMatch(/All +enabled +Orders +Receiver/);
    expect(await commands.text(["destinations", "list"])).toContain("Receiver");
  });

  test("are shown, changed and deleted by name or id", async () => {
    const { id } = await commands.json(["integrations", "get", "From JSON"]);
    expect(await commands.json(["integrations", "get", id])).toMatchObject({ name: "From JSON" });
    expect(await commands.text(["integrations", "get", id])).toMatch(/created_at +\S+Z \(/);
    const changes = ["--name", "Renamed", "--set", "options.raw=true"];
    expect(await commands.json(["integrations", "update", "From JSON", ...changes])).toMatchObject({
      name: "Renamed",
      options: { raw: true },
    });
    const refused = await commands.hookgate(["integrations", "delete", "Renamed"]);
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining("--yes")]);
    expect(await commands.json(["integrations", "delete", "Renamed", "--yes"])).toEqual({ id, deleted: true });
    expect((await commands.hookgate(["integrations", "get", "Renamed"])).code).toBe(1);
  });

  test("a name that is not there, or there twice, is an error that helps", async () => {
    const missing = await commands.hookgate(["destinations", "get", "receive"]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('Did you mean "Receiver"?')]);
    await commands.json(["integrations", "create", "--name", "Twin", "--type", "catch"]);
    await commands.json(["integrations", "create", "--name", "Twin", "--type", "catch"]);
    const twins = await commands.hookgate(["integrations", "get", "Twin"]);
    expect([twins.code, twins.stderr]).toEqual([1, expect.stringMatching(/Use an id: int_\w+, int_\w+/)]);
  });

  test("a field that is wrong is named", async () => {
    const { code, stderr } = await commands.hookgate([
      "destinations",
      "create",
      "--name",
      "x",
      "--set",
      "timeout_ms=1",
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/timeout_ms: /);
    expect(stderr).toMatch(/url: /);
  });

  test("a destination is tested", async () => {
    expect(await commands.json(["destinations", "test", "Receiver"])).toMatchObject({ ok: true });
    const url = ["--url", "http://127.0.0.1:1/"];
    await commands.json(["destinations", "create", "--name", "Down", ...url]);
    const failed = await commands.hookgate(["destinations", "test", "Down", "--json"]);
    expect([failed.code, JSON.parse(failed.stdout)]).toEqual([1, expect.objectContaining({ ok: false })]);
    expect(failed.stderr).toContain("did not accept");
  });
});

describe("events, deliveries and alerts", () => {
  test("an event is sent, listed and shown", async () => {
    const { id } = await commands.json(["events", "send", "Orders", "-f", "-"], '{"order":4711}');
    await vi.waitFor(async () => expect(await commands.text(["events", "list"])).toContain(id), WITHIN);
    expect(await commands.json(["events", "get", id])).toMatchObject({ id, payload: { order: 4711 } });
    expect(await commands.text(["events", "get", id])).toContain("4711");
    const page = await commands.json(["events", "list", "--integration", "Orders", "--type", "event.received"]);
    expect(page.data).toEqual([expect.objectContaining({ id })]);
    const isDelivered = async () =>
      expect((await commands.json(["deliveries", "list", "--event", id])).data[0]?.status).toBe("delivered");
    await vi.waitFor(isDelivered, WITHIN);
    expect(await commands.text(["deliveries", "list", "--status", "delivered"])).toMatch(/delivered .*Receiver/);
  });

  test("an event is sent with the credential of the integration", async () => {
    const { auth } = await commands.json([
      "integrations",
      "create",
      "--name",
      "Guarded",
      "--type",
      "catch",
      "--auth",
      "token",
    ]);
    const send = ["events", "send", "Guarded", "-f", "-", "--json"];
    const without = await commands.hookgate(send, "{}");
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining("HOOKGATE_CREDENTIAL")]);
    const wrong = await commands.hookgate(send, '{"a":1}', { HOOKGATE_CREDENTIAL: "wrong" });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("403")]);
    const right = await commands.hookgate(send, '{"a":1}', { HOOKGATE_CREDENTIAL: auth.token });
    expect([right.code, JSON.parse(right.stdout)]).toEqual([0, expect.objectContaining({ status: "success" })]);
  });

  test("a wrong signature is explained without a word about credentials", async () => {
    await commands.json(["integrations", "create", "--name", "Signed", "--type", "catch", "--auth", "github"]);
    const send = ["events", "send", "Signed", "-f", "-", "--header", `X-Hub-Signature-256: sha256=${"0".repeat(64)}`];
    const { code, stderr } = await commands.hookgate(send, "{}");
    expect([code, stderr]).toEqual([1, expect.stringContaining("with the integration's secret")]);
    expect(stderr).not.toContain("HOOKGATE_CREDENTIAL");
  });

  test("an alert is acknowledged and resolved", async () => {
    await commands.json(["integrations", "create", "--name", "Monitoring", "--type", "pagertree"]);
    const body = '{"event_type":"create","Id":"db-7","Title":"Disk \\u001b[31mis\\nfull"}';
    await commands.json(["events", "send", "Monitoring", "-f", "-"], body);
    const first = async () => (await commands.json(["alerts", "list", "--status", "open"])).data[0];
    const alert = await vi.waitFor(async () => (await first()) ?? expect.fail("no alert yet"), WITHIN);
    const table = await commands.text(["alerts", "list"]);
    expect(table).toContain(String.raw`Disk \u001b[31mis full`);
    expect(table).not.toContain("\u001b");
    expect(await commands.json(["alerts", "acknowledge", alert.id])).toMatchObject({ status: "acknowledged" });
    expect(await commands.text(["alerts", "resolve", alert.id])).toContain("Resolved: Disk");
    expect(await commands.json(["alerts", "get", alert.id])).toMatchObject({ status: "resolved" });
  });

  test("tail shows what arrives, one document a line, until it is interrupted", async () => {
    const tail = new Running(["events", "tail", "--json"], commands.env);
    await tail.hasWritten("Following events");
    const { id } = await commands.json(["events", "send", "Orders", "-f", "-"], '{"tail":1}');
    await tail.hasWritten(id);
    tail.child.kill("SIGINT");
    const { code, stdout } = await tail.ended();
    expect([
      code,
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ]).toEqual([0, [id]]);
  });
});

describe("replay", () => {
  test("counts first, needs a yes, and replays", async () => {
    const filter = ["--destination", "Receiver", "--status", "delivered"];
    const estimate = await commands.json(["replay", ...filter, "--dry-run"]);
    expect(estimate).toMatchObject({ dry_run: true });
    expect(estimate.count).toBeGreaterThan(0);
    const unasked = await commands.hookgate(["replay", ...filter]);
    expect([unasked.code, unasked.stderr]).toEqual([64, expect.stringContaining("--yes")]);
    const done = await commands.json(["replay", ...filter, "--yes", "--rate", "1000"]);
    expect(done).toMatchObject({ status: "done", replayed: estimate.count });
    expect(await commands.text(["replays", "list"])).toContain(done.id);
    expect(await commands.json(["replays", "get", done.id])).toMatchObject({ id: done.id });
    expect(await commands.text(["replays", "watch", done.id])).toMatch(/Replayed \d+ of \d+/);
    expect(await commands.text(["replay", "--status", "dead", "--destination", "Receiver"])).toContain(
      "Nothing to replay",
    );
    expect((await commands.hookgate(["replay"])).code).toBe(64);
  });

  test("an event and a delivery are sent again by id", async () => {
    const [{ id, event_id }] = (await commands.json(["deliveries", "list", "--destination", "Receiver"])).data;
    expect(await commands.json(["events", "replay", event_id, "--destination", "Receiver"])).toMatchObject({
      id: event_id,
    });
    expect(await commands.json(["deliveries", "retry", id])).toHaveProperty("status");
    expect(await commands.text(["deliveries", "get", id])).toMatch(/attempts\n +- number +1/);
  });
});

test("tokens are created, listed and revoked", async () => {
  const made = await commands.json(["tokens", "create", "--name", "CI", "--scope", "read,write", "--expires", "90d"]);
  expect(made).toMatchObject({ scopes: ["read", "write"], token: expect.any(String) });
  expect(Date.parse(made.expires_at) - Date.now()).toBeGreaterThan(89 * 86_400_000);
  const table = await commands.text(["tokens", "list"]);
  expect(table).toContain(made.id);
  expect(table).not.toContain(made.token);
  expect(await commands.json(["tokens", "delete", made.id, "--yes"])).toMatchObject({ deleted: true });
  expect((await commands.json(["tokens", "list"])).data).not.toContainEqual(expect.objectContaining({ id: made.id }));
});

test("reconciliation, rule sets and the dashboard's address are shown", async () => {
  expect(await commands.json(["reconciliation"])).toHaveProperty("balanced");
  expect(await commands.text(["reconciliation"])).toMatch(/accepted +\d+/);
  expect(await commands.text(["rule-sets"])).toContain("alertmanager");
  expect(await commands.json(["open"])).toEqual({ url: `${gateway.url}/` });
  expect(await commands.text(["open", "evt_1", "--print"])).toBe(`${gateway.url}/events/evt_1\n`);
  expect((await commands.hookgate(["open", "nothing"])).code).toBe(64);
});

test("verify-log says that nothing is wrong", async () => {
  expect(await commands.json(["verify-log"])).toEqual({ segments: 0, events: 0, shown: 0, faults: [] });
  const { code, stdout, stderr } = await commands.hookgate(["verify-log"]);
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain("The log is as it was written.");
});

test("a token without the scope is told which one is missing", async () => {
  const { token } = await commands.json(["tokens", "create", "--name", "reader", "--scope", "read"]);
  const reader = commandsOf(gateway.url, token);
  const { code, stderr } = await reader.hookgate(["integrations", "create", "--name", "x", "--type", "catch"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("hint: Use a token with that scope")]);
  const wrong = await commandsOf(gateway.url, "wrong").hookgate(["events", "list"]);
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("hookgate login")]);
});

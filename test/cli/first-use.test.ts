import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stripe } from "stripe";
import { expect, onTestFinished, test, vi } from "vitest";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, newGateway } from "../npm-start/stand.ts";
import { Running, run, temporary } from "./run.ts";

// What a person does first, with the commands that `hookgate --help` shows, on an empty gateway.

async function newReceiver(): Promise<Receiver> {
  const receiver = new Receiver();
  receiver.verify = () => true;
  onTestFinished(() => receiver.stop());
  await receiver.start();
  return receiver;
}

async function standUp() {
  const gateway = newGateway({ throughNpm: false });
  const receiver = await newReceiver();
  await gateway.start();
  const env = { XDG_CONFIG_HOME: temporary() };
  const hookgate = async (args: readonly string[], more: Readonly<Record<string, string>> = {}, input = "") => {
    const { code, stdout, stderr } = await run(args, { env: { ...env, ...more }, input });
    expect(code, stderr).toBe(0);
    return { stdout, stderr };
  };
  const { host } = new URL(gateway.url);
  await hookgate(["login", "--url", host, "--token", "-"], {}, gateway.adminToken);
  return { gateway, receiver, env, hookgate };
}

const FIRING = {
  version: "4",
  status: "firing",
  receiver: "hookgate",
  externalURL: "http://alertmanager.example",
  alerts: [
    {
      status: "firing",
      fingerprint: "a1",
      labels: { alertname: "DiskFull", severity: "critical", instance: "db-1" },
      annotations: { summary: "The disk of db-1 is full" },
      startsAt: "2026-11-20T10:00:00Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus.example/graph",
    },
  ],
};

test("Alertmanager posts to Slack", async () => {
  const { receiver, hookgate } = await standUp();
  const integration = await hookgate([
    "integrations",
    "create",
    "--name",
    "Alertmanager",
    "--rule-set",
    "alertmanager",
  ]);
  const url = /^url +(\S+)$/m.exec(integration.stdout)?.[1] ?? "";
  expect(integration.stderr).toContain(`Next: let the sender post to ${url}.`);
  const slack = ["--name", "Slack", "--preset", "slack", "--url", `${receiver.origin}/services/T/B/x`];
  const destination = await hookgate(["destinations", "create", ...slack]);
  expect(destination.stderr).toContain("`hookgate destinations test Slack`");
  const between = ["--integration", "Alertmanager", "--destination", "Slack"];
  const route = await hookgate(["routes", "create", "--name", "Alerts", ...between]);
  expect(route.stdout).toMatch(/^destination_ids +dst_\w+ \(Slack\)$/m);
  expect(route.stdout).toMatch(/^event_types +all$/m);
  expect((await hookgate(["destinations", "test", "Slack"])).stdout).toMatch(/^ok +true$/m);
  const file = join(temporary(), "alert.json");
  writeFileSync(file, JSON.stringify(FIRING));
  const sent = await hookgate(["events", "send", "Alertmanager", "-f", file]);
  const [, id = ""] = /Accepted: (\S+)/.exec(sent.stdout) ?? [];
  const delivered = async () => (await hookgate(["events", "get", id])).stdout;
  await vi.waitFor(async () => expect(await delivered()).toMatch(/delivered Slack/), WITHIN);
  expect(await delivered()).toMatch(/^integration_id +int_\w+ \(Alertmanager\)$/m);
  expect(receiver.arrivals.map(({ body }) => JSON.parse(body).text)).toEqual([
    expect.stringContaining("Test"),
    "[Alert] The disk of db-1 is full",
  ]);
  expect((await hookgate(["alerts", "list"])).stdout).toMatch(/open +critical +The disk of db-1 is full/);
});

const SECRET = "whsec_0123456789abcdef0123456789abcdef";

test("Stripe's library on this machine accepts what listen brings", async () => {
  const { receiver, env, hookgate } = await standUp();
  const refused = await run(["integrations", "create", "--name", "Stripe", "--auth", "stripe"], { env });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("HOOKGATE_CREDENTIAL")]);
  const create = ["integrations", "create", "--name", "Stripe", "--auth", "stripe"];
  const { stdout } = await hookgate(create, { HOOKGATE_CREDENTIAL: SECRET });
  const url = /^url +(\S+)$/m.exec(stdout)?.[1] ?? "";
  const { port } = new URL(receiver.origin);
  const listen = new Running(["listen", "Stripe", "--forward-to", `${port}/webhooks`, "--original"], env);
  await listen.hasWritten("Connected to");
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "charge.succeeded", data: { object: {} } });
  const at = Math.floor(Date.now() / 1_000);
  const signature = `t=${at},v1=${createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex")}`;
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
  await listen.hasWritten("POST /webhooks 200");
  const [arrival] = receiver.arrivals;
  expect(arrival?.url).toBe(`${receiver.origin}/webhooks`);
  const given = String(arrival?.headers["stripe-signature"]);
  const event = await Stripe.webhooks.constructEventAsync(arrival?.body ?? "", given, SECRET, 3_600);
  expect(event).toMatchObject({ id: "evt_1", type: "charge.succeeded" });
  listen.child.kill("SIGINT");
  expect((await listen.ended()).code).toBe(0);
});

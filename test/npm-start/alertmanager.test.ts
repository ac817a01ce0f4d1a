import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort, temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { WITHIN, standUp } from "./stand.ts";

const BINARY = "prometheus-alertmanager";
const IS_ABSENT = spawnSync(BINARY, ["--version"]).error !== undefined;
const WHY_SKIPPED = `${BINARY} is not installed (Debian and Ubuntu: apt-get install ${BINARY})`;

function configurationFor(url: string, token: string): string {
  // JSON is YAML too.
  return JSON.stringify({
    route: { receiver: "hookgate", group_wait: "100ms", group_interval: "1s", repeat_interval: "1h" },
    receivers: [
      {
        name: "hookgate",
        webhook_configs: [
          {
            url,
            send_resolved: true,
            max_alerts: 0,
            http_config: { authorization: { type: "Bearer", credentials: token } },
          },
        ],
      },
    ],
  });
}

/** Starts an Alertmanager that tells a webhook of its alerts; comes back with its URL once it is ready. */
async function startAlertmanager(webhook: string, token: string): Promise<string> {
  const folder = temporaryFolder();
  const configuration = join(folder, "alertmanager.yml");
  writeFileSync(configuration, configurationFor(webhook, token));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    BINARY,
    [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--cluster.listen-address=",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let output = "";
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await vi.waitFor(async () => {
    const ready = await fetch(`http://${address}/-/ready`).catch(() => null);
    expect(ready?.status, output).toBe(200);
  }, WITHIN);
  return `http://${address}`;
}

test("an alert that a real Alertmanager fires and resolves is opened and resolved", async ({ skip }) => {
  if (IS_ABSENT) process.stderr.write(`Skipped the test with a real Alertmanager: ${WHY_SKIPPED}\n`);
  skip(IS_ABSENT, WHY_SKIPPED);

  const { gateway, receiver, destination } = await standUp();
  const { id, url, auth } = await gateway.add(destination, {
    name: "Alertmanager",
    type: "rules",
    options: { rule_set: "alertmanager" },
    auth: { type: "bearer" },
  });
  const alertmanager = await startAlertmanager(url, auth.token);

  const alert = {
    labels: { alertname: "KilnTooCold", instance: "kiln-4:9100", severity: "critical" },
    annotations: { summary: "Kiln 4 is below 900 degrees" },
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    generatorURL: "http://prometheus.example/graph",
  };
  const fire = async (more: object = {}) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify([{ ...alert, ...more }]);
    expect((await fetch(`${alertmanager}/api/v2/alerts`, { method: "POST", headers, body })).status).toBe(200);
  };
  const becomes = (status: string) =>
    vi.waitFor(async () => {
      const { body } = await gateway.api("GET", `/alerts?integration_id=${id}`);
      const expected = { status, title: "Kiln 4 is below 900 degrees", urgency: "critical" };
      expect(body.data).toEqual([expect.objectContaining(expected)]);
    }, WITHIN);

  await fire();
  await becomes("open");
  await fire({ endsAt: new Date(Date.now() - 1000).toISOString() });
  await becomes("resolved");

  await vi.waitFor(() => {
    const arrived = receiver.arrivals.map(({ type, verified }) => ({ type, verified }));
    expect(arrived).toEqual([
      { type: "alert.created", verified: true },
      { type: "alert.resolved", verified: true },
    ]);
  }, WITHIN);
});

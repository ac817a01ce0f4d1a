import { spawnSync } from "node:child_process";
import { expect, test, vi } from "vitest";
import { WITHIN, standUp } from "./stand.ts";

const BINARY = "promtool";
const IS_ABSENT = spawnSync(BINARY, ["--version"]).error !== undefined;
const WHY_SKIPPED = `${BINARY} is not installed (Debian and Ubuntu: apt-get install prometheus)`;

test("the parser of a real Prometheus finds nothing wrong with the metrics", async ({ skip }) => {
  if (IS_ABSENT) process.stderr.write(`Skipped the test with promtool: ${WHY_SKIPPED}\n`);
  skip(IS_ABSENT, WHY_SKIPPED);

  const { gateway, receiver, integration, token } = await standUp();
  await gateway.post(integration, token, { event_type: "create", Id: "disk-7", Title: "Disk is full" });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
  // An event comes on record once its first attempt is over.
  await vi.waitFor(async () => expect((await gateway.api("GET", "/events")).body.data).toHaveLength(1), WITHIN);
  const headers = { authorization: `Bearer ${gateway.adminToken}` };
  const text = await (await fetch(`${gateway.url}/metrics`, { headers })).text();
  expect(text).toContain(`hookgate_events_accepted_total{integration="${integration.id}"} 1`);
  const { status, stdout, stderr } = spawnSync(BINARY, ["check", "metrics"], { input: text, encoding: "utf8" });
  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: "" });
});

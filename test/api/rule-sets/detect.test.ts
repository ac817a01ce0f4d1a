import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, request, statusOf } from "../../support/api.ts";
import { openLine } from "../../support/flow.ts";

const ALERTS = {
  receiver: "ops",
  status: "firing",
  externalURL: "http://alertmanager.example:9093",
  version: "4",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "DiskFull", severity: "critical", instance: "db-7" },
      annotations: { summary: "The disk of db-7 is full", runbook_url: "https://wiki.example/disk" },
      startsAt: "2026-11-20T10:00:00.000Z",
      generatorURL: "http://prometheus.example/graph",
      fingerprint: "a1b2c3d4e5f60718",
    },
  ],
};

async function detected(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const json = { "content-type": "application/json", ...headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return unwrap(await client.ruleSets.detect(text, {}, { headers: json }));
}

describe("POST /rule-sets/detect", () => {
  it("names the tool that sends a body, and the integration to make", async () => {
    const { data, requests } = await detected(ALERTS);
    expect(requests).toBe(1);
    expect(data.length).toBeLessThanOrEqual(3);
    expect(data[0]).toMatchObject({
      name: "alertmanager",
      title: "Prometheus Alertmanager",
      category: "monitoring",
      integration: { type: "rules", options: { rule_set: "alertmanager" } },
    });
    const confidences = data.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(Math.max(...confidences)).toBeLessThanOrEqual(1);
  });

  it("names it for the latest requests of a catch integration", async () => {
    const line = await openLine("catch", {});
    for (const body of [{ hello: "world" }, ALERTS, { ...ALERTS, receiver: "night" }]) await line.send(body);
    const { data, requests } = unwrap(await client.ruleSets.detect(undefined, { integration_id: line.id }));
    expect(requests).toBe(3);
    expect(data[0]?.name).toBe("alertmanager");
    expect((await detected({ integration_id: line.id })).data).toEqual(data);
  });

  it("has nothing to say about an integration without requests, and no answer for one that does not exist", async () => {
    const { id } = await openLine("catch", {});
    const none = unwrap(await client.ruleSets.detect(undefined, { integration_id: id }));
    expect(none).toEqual({ data: [], requests: 0 });
    expect(statusOf(await client.ruleSets.detect(undefined, { integration_id: "int_nope" }))).toBe(404);
  });

  it.each(["", "{}", "[]", "null", "not JSON", '{"status":"open"}', '{"alerts":[]}', "[[[[[["])(
    "names nothing for %j",
    async (body) => {
      expect((await detected(body)).data).toEqual([]);
    },
  );

  it("reads what is compressed, and refuses what cannot be undone or is too large", async () => {
    const packed = await new Response(
      new Response(JSON.stringify(ALERTS)).body?.pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const post = (body: Uint8Array, more: Readonly<Record<string, string>> = headers) =>
      request("/rule-sets/detect", { method: "POST", body, headers: more });
    expect(JSON.parse((await post(packed)).text).data[0].name).toBe("alertmanager");
    expect((await post(packed.subarray(0, 50))).status).toBe(400);
    expect((await post(new Uint8Array(10), { "content-encoding": "br" })).status).toBe(415);
    expect((await post(new Uint8Array(1_000_001), {})).status).toBe(413);
  });
});

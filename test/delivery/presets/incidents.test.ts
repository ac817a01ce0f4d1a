import { describe, expect, it } from "vitest";
import { eventOf as interpretedAs } from "../../support/sources.ts";
import { ALERT, eventOf, render } from "./events.ts";

const KEY = { routing_key: "0123456789abcdef0123456789abcdef" };

describe("the preset of PagerDuty", () => {
  it("is an event of its API, version 2", async () => {
    const { body } = await render("pagerduty", eventOf("alert.created"), KEY);
    expect(body).toMatchObject({
      ...KEY,
      event_action: "trigger",
      dedup_key: "int_1:disk-1",
      payload: {
        summary: "Disk full",
        severity: "error",
        source: "int_1",
        timestamp: "2026-11-20T10:00:00.000Z",
        custom_details: { type: "alert.created", event_id: "evt_1", alert_id: "alr_1", payload: { MonitorId: 42 } },
      },
      links: [{ href: "https://grafana.example.com/d/1?a=1&b=2", text: "Open on grafana.example.com" }],
    });
    expect((await render("pagerduty", eventOf("test"), { ...KEY, source: "eu" })).body.payload.source).toBe("eu");
  });

  it.each([
    ["alert.created", "trigger"],
    ["alert.repeated", "trigger"],
    ["alert.updated", "trigger"],
    ["alert.acknowledged", "acknowledge"],
    ["alert.resolved", "resolve"],
  ] as const)("does of %s a %s under the same key", async (type, action) => {
    // The alert's id changes if an earlier event arrives late.
    const { body } = await render("pagerduty", eventOf(type, { ...ALERT, id: `alr_${type}` }), KEY);
    expect([body.event_action, body.dedup_key]).toEqual([action, "int_1:disk-1"]);
  });

  it.each([
    ["critical", "critical"],
    ["high", "error"],
    ["medium", "warning"],
    ["low", "info"],
    [null, "warning"],
  ] as const)("says of the urgency %s that it is %s", async (urgency, severity) => {
    const { body } = await render("pagerduty", eventOf("alert.created", { ...ALERT, urgency }), KEY);
    expect(body.payload.severity).toBe(severity);
  });

  it("keeps long and broken keys apart within 255 characters", async () => {
    const keys = ["k".repeat(300), `${"k".repeat(300)}x`, "\ud800", "\ud801"];
    const dedupKeys = await Promise.all(
      keys.map(
        async (key) => (await render("pagerduty", eventOf("alert.created", { ...ALERT, key }), KEY)).body.dedup_key,
      ),
    );
    expect(new Set(dedupKeys).size).toBe(keys.length);
    for (const dedupKey of dedupKeys) expect(dedupKey.length).toBeLessThanOrEqual(255);
  });

  it("stays within 512 KB however large the payload is", async () => {
    const large = JSON.stringify({ text: "漢".repeat(300_000) });
    const { text, body } = await render("pagerduty", eventOf("alert.created", ALERT, large), KEY);
    expect(new TextEncoder().encode(text).byteLength).toBeLessThan(512_000);
    expect(body.payload.custom_details.payload_left_out).toMatch(/^\d+ bytes$/);
  });
});

describe("the preset of Opsgenie", () => {
  const base = "https://api.opsgenie.com/v2/alerts";

  it("creates an alert at the destination's own URL", async () => {
    const alert = {
      ...ALERT,
      title: "t".repeat(400),
      tags: Array.from({ length: 40 }, (_, n) => `${n}${"x".repeat(90)}`),
    };
    const { body, url } = await render("opsgenie", eventOf("alert.created", alert), {}, base);
    expect(url).toBeUndefined();
    expect(body).toMatchObject({ alias: "int_1:disk-1", priority: "P2", source: "Hookgate" });
    expect(body.message).toHaveLength(130);
    expect(body.tags).toHaveLength(20);
    for (const tag of body.tags) expect(tag.length).toBeLessThanOrEqual(50);
    const details: string[] = Object.entries<string>(body.details).flat();
    expect(details.join("").length).toBeLessThanOrEqual(8_000);
  });

  it.each([
    ["alert.acknowledged", "acknowledge"],
    ["alert.resolved", "close"],
  ] as const)("does what %s asks for by the alias, on the same host", async (type, action) => {
    const hostile = { ...ALERT, key: "../../x?y#z/@evil.example" };
    const { body, url } = await render("opsgenie", eventOf(type, hostile), {}, `${base}/?a=1`);
    const { origin, pathname, search, hash } = new URL(url ?? "");
    expect([origin, search, hash]).toEqual(["https://api.opsgenie.com", "?a=1&identifierType=alias", ""]);
    expect(pathname).toBe(`/v2/alerts/${encodeURIComponent("int_1:../../x?y#z/@evil.example")}/${action}`);
    expect(Object.keys(body)).toEqual(["source", "note"]);
  });

  it("brings its key in a header", async () => {
    const { headers, text } = await render("opsgenie", eventOf("test"), { api_key: "0000-1111-2222-3333" }, base);
    expect(headers).toEqual({ authorization: "GenieKey 0000-1111-2222-3333" });
    expect(text).not.toContain("0000-1111");
  });
});

describe("the preset of PagerTree", () => {
  it("has the fields of its incoming webhook", async () => {
    const { body } = await render("pagertree", eventOf("alert.created"));
    expect(body).toEqual({
      event_type: "create",
      Id: "int_1:disk-1",
      Title: "Disk full",
      Description: "Only 2 % left.\nClean up.",
      Urgency: "high",
      Tags: ["disk", "prod"],
      Meta: {
        host: "web-1",
        shard: 7,
        hookgate_event_id: "evt_1",
        hookgate_source: "int_1",
        incident: true,
        incident_severity: "SEV-2",
        incident_message: "Shop is down",
      },
    });
    expect((await render("pagertree", eventOf("alert.acknowledged"))).body.event_type).toBe("acknowledge");
    expect((await render("pagertree", eventOf("alert.resolved"))).body.event_type).toBe("resolve");
  });

  it.each([
    ["alert.created", "create"],
    ["alert.acknowledged", "acknowledge"],
    ["alert.resolved", "resolve"],
  ] as const)("is what an integration of that type makes the same alert of (%s)", async (type, action) => {
    const { signal } = interpretedAs("pagertree", (await render("pagertree", eventOf(type))).body);
    expect(signal).toMatchObject({ action, key: "int_1:disk-1" });
    if (signal.action !== "create") return;
    const { title, description, urgency, tags, meta, incident } = signal.fields;
    expect({ title, description, urgency, tags, incident }).toEqual({
      title: ALERT.title,
      description: ALERT.description,
      urgency: ALERT.urgency,
      tags: ALERT.tags,
      incident: ALERT.incident,
    });
    expect(meta).toMatchObject(ALERT.meta);
  });
});

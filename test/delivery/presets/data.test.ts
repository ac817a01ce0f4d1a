import { describe, expect, it } from "vitest";
import { ALERT, eventOf, render } from "./events.ts";

const BIG = "90071992547409931234";

describe("the preset of CloudEvents", () => {
  it("is an event in structured mode whose data is the envelope's", async () => {
    const { body, content_type, text } = await render("cloudevents", eventOf("alert.created", ALERT, `{"n":${BIG}}`));
    expect(content_type).toBe("application/cloudevents+json");
    const { data, ...attributes } = body;
    expect(attributes).toEqual({
      specversion: "1.0",
      id: "evt_1",
      source: "/hookgate/int_1",
      type: "hookgate.alert.created",
      time: "2026-11-20T10:00:00.000Z",
      subject: "disk-1",
      datacontenttype: "application/json",
    });
    expect(data.alert).toEqual(ALERT);
    expect(data.event).toMatchObject({ id: "evt_1", kind: "alert" });
    expect(text).toContain(`"payload":{"n":${BIG}}`);
  });

  it("takes a source, and has no subject where there is no alert", async () => {
    const { body } = await render("cloudevents", eventOf("event.received", null), { source: "urn:gate:1" });
    expect(body.source).toBe("urn:gate:1");
    expect(body).not.toHaveProperty("subject");
  });
});

describe("the preset of Zapier", () => {
  it("is one flat map of the payload's fields by their own names and the alert's behind alert__", async () => {
    const payload = `{"MonitorId":42,"id":${BIG},"a":{"b":{"c":true}},"list":[1,"x",null],"items":[{"n":1},{"n":2}],"type":"theirs"}`;
    const { body, text } = await render("zapier", eventOf("alert.created", ALERT, payload));
    expect(body).toMatchObject({
      type: "alert.created",
      timestamp: "2026-11-20T10:00:00.000Z",
      event__id: "evt_1",
      event__kind: "alert",
      MonitorId: 42,
      a__b__c: true,
      list: "1,x,",
      items__0__n: 1,
      items__1__n: 2,
      alert__title: "Disk full",
      alert__meta__host: "web-1",
      alert__tags: "disk,prod",
    });
    expect(text).toContain(`"id":${BIG}`);
    for (const value of Object.values(body)) expect(typeof value === "object" && value !== null).toBe(false);
  });

  it("names what is no map, and stops at a thousand fields", async () => {
    expect((await render("zapier", eventOf("event.received", null, "[1,2]"))).body).toMatchObject({ payload: "1,2" });
    expect((await render("zapier", eventOf("event.received", null, BIG))).text).toContain(`"payload":${BIG}`);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, n])));
    const { body } = await render("zapier", eventOf("alert.created", ALERT, many));
    expect(Object.keys(body).length).toBeLessThanOrEqual(1_000);
    expect(body).toMatchObject({ type: "alert.created", alert__title: "Disk full", f0: 0 });
  });

  it("takes names that objects have of themselves for what they are", async () => {
    const payload = '{"__proto__":{"x":1},"constructor":{"prototype":2}}';
    const { text } = await render("zapier", eventOf("event.received", null, payload));
    expect(text).toContain('"__proto____x":1');
    expect(text).toContain('"constructor__prototype":2');
  });
});

import { describe, expect, it, vi } from "vitest";
import { faultsOf, openGateway, openLine, pluck } from "../support/flow.ts";

const TRIGGER = {
  eventType: "ALERT_NOTIFICATION_TRIGGER",
  eventId: "62-90417",
  alert: {
    ruleId: 311,
    alertId: 90_417,
    testId: 7_702,
    testName: "https://shop.orchard.example",
    ruleExpression: "Error count is at least 2",
    dateStart: "2026-11-03 04:05:06",
    violationCount: 1,
    ruleName: "Shop answers",
    agents: [
      {
        dateStart: "2026-11-03 04:05:06",
        active: 1,
        metricsAtStart: "Errors: 2",
        metricsAtEnd: "",
        agentId: 21,
        agentName: "Graz, Austria",
        locationName: "Graz, Austria",
        permalink: "https://app.thousandeyes.com/alerts/list?alertId=90417&agentId=21",
      },
    ],
    type: "HTTP Server",
    permalink: "https://app.thousandeyes.com/alerts/list?alertId=90417",
    apiLinks: [{ rel: "data", href: "https://api.thousandeyes.com/web/http-server/7702" }],
  },
};
const CLEAR = {
  ...TRIGGER,
  eventType: "ALERT_NOTIFICATION_CLEAR",
  eventId: "62-90420",
  alert: { ...TRIGGER.alert, dateEnd: "2026-11-03 04:25:06" },
};
const withAlert = (changes: object, base: typeof TRIGGER = TRIGGER) => ({
  ...base,
  alert: { ...base.alert, ...changes },
});
let events = 0;
const another = () => `other-${events++}`;

describe("an alert", () => {
  it("is triggered and cleared by its alertId, with 200 each", async () => {
    const line = await openLine("thousandeyes");
    expect(await line.send(TRIGGER)).toMatchObject({ status: 200, json: { status: "success" } });
    const alert = {
      key: "90417",
      status: "open",
      title: "Shop answers: https://shop.orchard.example",
      urgency: null,
      additional_data: expect.arrayContaining([
        { format: "link", label: "Alert", value: TRIGGER.alert.permalink },
        { format: "link", label: "Graz, Austria", value: TRIGGER.alert.agents[0]?.permalink },
        { format: "datetime", label: "Started", value: "2026-11-03T04:05:06Z" },
      ]),
    };
    expect(await line.alerts()).toMatchObject([alert]);
    expect((await line.send(CLEAR)).status).toBe(200);
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
    expect(line.delivered()).toMatchObject([
      { type: "alert.created", data: { event: { kind: "alert", payload: TRIGGER }, alert } },
      { type: "alert.resolved", data: { event: { kind: "alert", payload: CLEAR }, alert: { key: "90417" } } },
    ]);
  });

  it("that is sent thirteen times under one eventId within an hour is one event and one delivery, and 200 each time", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const line = await (await openGateway(["alert.created", "alert.repeated"])).open("thousandeyes");
    const start = Date.now();
    for (let n = 0; n < 13; n++) {
      vi.setSystemTime(start + n * 5 * 60_000);
      const id = expect.stringMatching(/^evt_/);
      const answer = await line.send(TRIGGER);
      expect(answer).toMatchObject({ status: 200, json: { status: "success", id, request_id: id, attempt: id } });
    }
    vi.setSystemTime(start + 6 * 3_600_000);
    expect((await line.send(TRIGGER)).status).toBe(200);
    expect(await line.events()).toMatchObject([{ outcome: "created", received_at: new Date(start).toISOString() }]);
    expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }]);
    expect(line.delivered()).toHaveLength(1);
  });

  it("is still known by its eventId after it was cleared: a late repeat opens nothing", async () => {
    const line = await openLine("thousandeyes");
    for (const body of [TRIGGER, CLEAR, TRIGGER, CLEAR]) expect((await line.send(body)).status).toBe(200);
    expect(pluck(await line.events(), "outcome")).toEqual(["created", "resolved"]);
    expect(line.delivered()).toHaveLength(2);
  });

  it.each([
    ["Info", "low"],
    ["Minor", "medium"],
    ["Major", "high"],
    ["Critical", "critical"],
    ["MAJOR", "high"],
    ["Odd", null],
  ])("of the severity %s has the urgency %s", async (severity, urgency) => {
    const line = await openLine("thousandeyes");
    await line.send(withAlert({ severity }));
    expect(await line.alerts()).toMatchObject([{ urgency }]);
  });

  it("takes what newer accounts send and what customers add", async () => {
    const line = await openLine("thousandeyes");
    const newer = {
      alertId: "5b8f1c9e-0a44-4f0e-9f66-2f3f5f5c1a07",
      ruleAid: 11_223,
      dateStartZoned: "2026-11-03 04:05:06 UTC",
      testLabels: [
        { id: 4, name: "shop" },
        { id: 5, name: "eu" },
      ],
      testTargetsDescription: ["https://shop.orchard.example"],
      severity: "Minor",
      cost_centre: "4410",
    };
    const eventId = "9d0b2c1e-77aa-4c1e-8a4e-b86a7a1d7f00--5b8f1c9e-0a44-4f0e-9f66-2f3f5f5c1a07";
    await line.send({ ...withAlert(newer), eventId });
    const alert = { key: newer.alertId, urgency: "medium", tags: ["shop", "eu"] };
    expect(await line.alerts()).toMatchObject([alert]);
    expect(line.delivered()).toMatchObject([
      { data: { event: { payload: { alert: { cost_centre: "4410" } } }, alert } },
    ]);
    await line.send({ ...withAlert(newer, CLEAR), eventId: another() });
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it("of a BGP test has monitors in place of agents", async () => {
    const line = await openLine("thousandeyes");
    const { agents: _, ...alert } = TRIGGER.alert;
    const monitors = [{ monitorId: 3, monitorName: "AS64500", active: 1 }];
    expect((await line.send({ ...TRIGGER, alert: { ...alert, type: "BGP", monitors } })).status).toBe(200);
    expect(await line.alerts()).toMatchObject([{ key: "90417", title: "Shop answers: https://shop.orchard.example" }]);
  });

  it.each([
    ["562949953421399", "562949953421398"],
    ["9007199254740993", "9007199254740992"],
    ["123456789012345678901", "123456789012345678900"],
  ])("keeps every digit of the number %s, in its key and in what is delivered", async (one, other) => {
    const line = await openLine("thousandeyes");
    const numbered = (id: string, type: string): string =>
      `{"eventType":"ALERT_NOTIFICATION_${type}","eventId":"${type}-${id}","alert":{"alertId":${id},"ruleName":"r"}}`;
    await line.send(numbered(one, "TRIGGER"));
    await line.send(numbered(other, "TRIGGER"));
    await line.send(numbered(one, "CLEAR"));
    expect(await line.alerts()).toMatchObject([
      { key: one, status: "resolved" },
      { key: other, status: "open" },
    ]);
    const bodies = await Promise.all(
      vi.mocked(fetch).mock.calls.map(([input, init]) => new Request(input, init).text()),
    );
    expect(bodies[0]).toContain(`"alertId":${one}`);
  });

  it.each(["ALERT_NOTIFICATION_TRIGGER", "ALERT_NOTIFICATION_CLEAR"])(
    "without an id, or with none that is one, is 400 and names alert.alertId: %s",
    async (eventType) => {
      const line = await openLine("thousandeyes");
      const { alertId: _, ...unnamed } = TRIGGER.alert;
      for (const alert of [unnamed, { ...unnamed, alertId: null }, { ...unnamed, alertId: "" }, undefined, null, "x"]) {
        const answer = await line.send({ eventType, eventId: another(), alert });
        expect(answer.status).toBe(400);
        expect(faultsOf(answer)).toEqual(["alert.alertId"]);
      }
      const listed = await line.send({ eventType, eventId: another(), alert: { ...unnamed, alertId: [1] } });
      expect(faultsOf(listed)).toEqual(["alert.alertId"]);
      expect(await line.events()).toEqual([]);
    },
  );

  it.each([
    [0, null],
    [1, null],
    [2, expect.stringContaining("its rule was changed")],
  ])("is cleared with active %i, and the event says where the rule was the reason", async (active, note) => {
    const line = await openLine("thousandeyes");
    await line.send(withAlert({ active: 1 }));
    await line.send({ ...CLEAR, alert: { ...CLEAR.alert, active } });
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
    expect(await line.events()).toMatchObject([{ outcome: "created" }, { outcome: "resolved", note }]);
  });
});

describe("anything else", () => {
  it("is delivered as a test with exactly 200, and is no alert, where it is the test of the webhook", async () => {
    const line = await openLine("thousandeyes");
    const body = { eventType: "WEBHOOK_TEST", eventId: "1793000000123" };
    for (let n = 0; n < 2; n++) {
      expect(await line.send(body)).toMatchObject({ status: 200, json: { status: "success" } });
    }
    expect(await line.events()).toMatchObject([
      { type: "event.received", outcome: "received", note: "A test of the webhook.", payload: body, alert_id: null },
    ]);
    expect(await line.alerts()).toEqual([]);
    const event = { kind: "test", test: true, payload: body };
    expect(line.delivered()).toMatchObject([{ type: "event.received", data: { event } }]);
    expect(line.delivered()[0]?.["data"]).not.toHaveProperty("alert");
  });

  it.each([
    [{ eventType: "ALERT_NOTIFICATION_PAUSE", eventId: "1" }, /ALERT_NOTIFICATION_PAUSE/],
    [{ eventId: "2" }, /no eventType/],
    [{}, /no eventType/],
  ])("is exactly 200, logged with the reason, and no alert: %j", async (body, note) => {
    const line = await openLine("thousandeyes");
    expect(await line.send(body)).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.events()).toMatchObject([
      { outcome: "ignored", note: expect.stringMatching(note), payload: body },
    ]);
    expect(await line.alerts()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });

  it("that closes what is not open is exactly 200", async () => {
    const line = await openLine("thousandeyes");
    expect((await line.send(CLEAR)).status).toBe(200);
    expect(await line.events()).toMatchObject([{ outcome: "ignored" }]);
  });

  it.each(["", "[]", '"x"', "{", "5"])("that is no map of fields is 400: %j", async (body) => {
    const line = await openLine("thousandeyes");
    expect((await line.send(body)).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });
});

describe("how it proves itself", () => {
  it.each([
    ["Basic", { type: "basic", username: "te", password: "graz" }, { authorization: `Basic ${btoa("te:graz")}` }, 401],
    ["a bearer token", { type: "bearer", token: "te-token-1" }, { authorization: "Bearer te-token-1" }, 401],
    ["a header of its own", { type: "token", header: "x-te-key", token: "te-key-1" }, { "X-TE-Key": "te-key-1" }, 403],
  ])("by %s: exactly 200 with it, and refused without", async (_, auth, headers, status) => {
    const line = await openLine("thousandeyes", {}, { auth });
    expect((await line.send(TRIGGER)).status).toBe(status);
    expect(
      (await line.send(TRIGGER, { headers: { authorization: "Bearer te-token-2", "x-te-key": "no" } })).status,
    ).toBe(status);
    expect(await line.events()).toEqual([]);
    for (const body of [{ eventType: "WEBHOOK_TEST", eventId: "1" }, TRIGGER, TRIGGER, CLEAR]) {
      expect((await line.send(body, { headers })).status).toBe(200);
    }
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it("by its network, where that is all that is allowed", async () => {
    const line = await openLine("thousandeyes", {}, { allowed_ips: ["192.150.160.0/24"] });
    const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
    expect((await line.send(TRIGGER, from("192.150.160.77"))).status).toBe(200);
    expect((await line.send(CLEAR, from("192.150.161.77"))).status).toBe(403);
    expect((await line.send(CLEAR)).status).toBe(403);
    expect(await line.alerts()).toMatchObject([{ status: "open" }]);
  });
});

it("a custom webhook, whose body is the customer's own, is for rules", async () => {
  const actions = [{ type: "create", thirdparty_id: "{{ log.data.id }}", title: "{{ log.data.what }}" }];
  const ends = [{ type: "resolve", thirdparty_id: "{{ log.data.id }}" }];
  const rules = [
    { match: { "log.data.state": "up" }, actions: ends },
    { match: { "log.data.state": "down" }, actions },
  ];
  const line = await openLine("rules", { rules });
  await line.send({ id: 4, what: "Shop is down", state: "down" });
  await line.send({ id: 4, state: "up" });
  expect(await line.alerts()).toMatchObject([{ key: "4", title: "Shop is down", status: "resolved" }]);
});

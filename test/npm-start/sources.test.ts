import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { WITHIN, standUp } from "./stand.ts";

/** A fixture as it is sent, with some of its top-level fields changed. */
function fixture(path: string, changes: object = {}): string {
  const text = readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");
  return Object.keys(changes).length === 0 ? text : JSON.stringify({ ...JSON.parse(text), ...changes });
}

const opens = (kind: string, body: string) => ({ type: "alert.created", kind, body });
const resolves = (kind: string, body: string) => ({ type: "alert.resolved", kind, body });

const bearer = { type: "bearer" };
const SENDERS = [
  {
    integration: { name: "PagerTree", type: "pagertree", auth: { type: "token" } },
    posts: [
      opens("alert", fixture("pagertree-create.json")),
      resolves("alert", '{"event_type":"resolve","Id":"genset-4/fuel"}'),
    ],
  },
  {
    integration: { name: "Retrace", type: "retrace" },
    posts: [
      opens("alert", fixture("retrace-alert.json")),
      resolves("alert", fixture("retrace-alert.json", { EventType: 2, StateName: "Closed" })),
      opens("error", fixture("retrace-error.json")),
    ],
  },
  {
    integration: {
      name: "Backtrace",
      type: "backtrace",
      auth: { type: "basic", username: "backtrace", password: "harbour at night" },
    },
    posts: [opens("group", fixture("backtrace-group.json"))],
  },
  {
    integration: { name: "ThousandEyes", type: "thousandeyes", auth: bearer },
    posts: [
      opens("alert", fixture("thousandeyes-alert-trigger.json")),
      resolves("alert", fixture("thousandeyes-alert-clear.json")),
      opens("agent_alert", fixture("thousandeyes-agent-trigger.json")),
      resolves("agent_alert", fixture("thousandeyes-agent-clear.json")),
      opens("agent_alert", fixture("thousandeyes-agent-trigger-2025.json")),
    ],
  },
  {
    integration: { name: "Form", type: "catch" },
    posts: [{ type: "event.received", kind: "hook", body: '{"order":7,"lines":["rye"]}' }],
  },
  {
    integration: { name: "Alertmanager", type: "rules", options: { rule_set: "alertmanager" }, auth: bearer },
    posts: [
      opens("alert", fixture("rule-sets/alertmanager/create.json")),
      resolves("alert", fixture("rule-sets/alertmanager/resolve.json")),
    ],
  },
  {
    integration: { name: "Uptime Kuma", type: "rules", options: { rule_set: "uptimekuma" }, auth: { type: "token" } },
    posts: [
      opens("alert", fixture("rule-sets/uptimekuma/create.json")),
      resolves("alert", fixture("rule-sets/uptimekuma/resolve.json")),
    ],
  },
];

test("what every type of integration is sent arrives as deliveries that verify, with the sender's own kind", async () => {
  const { gateway, receiver, destination } = await standUp();

  const expected: object[] = [];
  for (const { integration: fields, posts } of SENDERS) {
    const integration = await gateway.add(destination, fields);
    for (const { type, kind, body } of posts) {
      const answer = await gateway.send(integration, body);
      expect(answer, `${fields.name}: ${body}`).toMatchObject({ status: 200, body: { status: "success" } });
      const ids: string[] = answer.body.ids ?? [answer.body.id];
      expected.push(...ids.map((event) => ({ event, from: integration.id, type, kind, verified: true })));
    }
  }

  await vi.waitFor(() => {
    const arrived = receiver.arrivals.map(({ type, data: { event }, verified }) => {
      return { event: event.id, from: event.integration_id, type, kind: event.kind, verified };
    });
    expect(arrived).toHaveLength(expected.length);
    expect(arrived).toEqual(expect.arrayContaining(expected));
  }, WITHIN);
});

test("ThousandEyes gets exactly 200 for each of thirteen sendings, which are one event and one delivery", async () => {
  const { gateway, receiver, destination } = await standUp();
  const integration = await gateway.add(destination, { name: "ThousandEyes", type: "thousandeyes", auth: bearer });

  const trigger = fixture("thousandeyes-alert-trigger.json");
  for (let sending = 1; sending <= 13; sending++) {
    expect((await gateway.send(integration, trigger)).status).toBe(200);
  }
  await gateway.send(integration, fixture("thousandeyes-alert-clear.json"));

  const settled = async (resource: string) =>
    (await gateway.api("GET", `/${resource}?integration_id=${integration.id}`)).body.data;
  await vi.waitFor(async () => {
    expect(receiver.arrivals.map(({ type }) => type)).toContain("alert.resolved");
    expect(await settled("events")).toHaveLength(2);
    expect(await settled("deliveries")).toHaveLength(2);
    expect(await settled("alerts")).toEqual([expect.objectContaining({ status: "resolved", dedup_count: 0 })]);
  }, WITHIN);
  expect(receiver.arrivals.filter(({ type }) => type === "alert.created")).toHaveLength(1);
  expect(receiver.arrivals).toHaveLength(2);
});

describe("a catch hook", () => {
  test("takes queries, forms, XML and lists, and answers a list with the id of each item", async () => {
    const { gateway, receiver, destination } = await standUp();
    const { id, url } = await gateway.add(destination, { name: "Front door", type: "catch" });
    const zapierStyle = `${gateway.url}/hooks/catch/${id}`;
    const post = (type: string, body: string) => ({ method: "POST", headers: { "content-type": type }, body });

    const requests: [string, RequestInit, object[]][] = [
      [`${zapierStyle}/?loaf=rye&count=2`, {}, [{ loaf: "rye", count: "2" }]],
      [url, { method: "POST", body: new URLSearchParams({ "who[name]": "Ines" }) }, [{ who: { name: "Ines" } }]],
      [
        zapierStyle,
        post("application/xml", '<order id="7"><item>2</item></order>'),
        [{ order: { "@id": "7", item: "2" } }],
      ],
      [url, post("application/json", '[{"n":1},{"n":2},3]'), [{ n: 1 }, { n: 2 }, { value: 3 }]],
    ];
    const expected: object[] = [];
    for (const [to, init, payloads] of requests) {
      const response = await fetch(to, init);
      expect(response.status).toBe(200);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      const answer = JSON.parse(await response.text());
      const ids: string[] = payloads.length === 1 ? [answer.id] : answer.ids;
      expect(ids).toHaveLength(payloads.length);
      expect(answer).toMatchObject({ status: "success", id: ids[0], request_id: ids[0], attempt: ids[0] });
      expected.push(...payloads.map((payload, place) => ({ id: ids[place], payload, verified: true })));
    }

    await vi.waitFor(() => {
      const arrived = receiver.arrivals.map(({ data: { event }, verified }) => {
        return { id: event.id, payload: event.payload, verified };
      });
      expect(arrived).toHaveLength(expected.length);
      expect(arrived).toEqual(expect.arrayContaining(expected));
    }, WITHIN);
    expect(new Set(receiver.arrivals.map(({ type }) => type))).toEqual(new Set(["event.received"]));
  });

  test("answers its silent address with an empty body, and a browser that asks whether it may post", async () => {
    const { gateway, receiver, destination } = await standUp();
    const { id } = await gateway.add(destination, { name: "Front door", type: "catch" });
    const address = `${gateway.url}/hooks/catch/${id}`;

    const preflight = await fetch(address, {
      method: "OPTIONS",
      headers: {
        origin: "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");

    const silent = await fetch(`${address}/silent`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"quiet":true}',
    });
    expect(silent.status).toBe(200);
    expect(await silent.text()).toBe("");
    await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
    expect(receiver.arrivals[0]).toMatchObject({ verified: true, data: { event: { payload: { quiet: true } } } });
  });
});

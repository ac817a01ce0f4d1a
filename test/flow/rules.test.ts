import { describe, expect, it } from "vitest";
import { openGateway, openLine, pluck } from "../support/flow.ts";
import { client, faultsOf, statusOf, unchecked } from "../support/api.ts";

const open = (more: object = {}) => ({
  type: "create",
  thirdparty_id: "{{ log.data.id }}",
  title: "{{ log.data.what }}",
  ...more,
});
const shut = { type: "resolve", thirdparty_id: "{{ log.data.id }}" };
const BODY = {
  id: "vat-3",
  what: "Vat 3 foams",
  level: 7,
  tags: ["vat", "foam"],
  parts: [
    { name: "lid", ok: false },
    { name: "tap", ok: true },
  ],
  site: { name: "North" },
};

describe("a match", () => {
  it.each<[object, boolean]>([
    [{ "log.data.what": "Vat 3 foams" }, true],
    [{ "log.data.what": { $regex: "^vat \\d", $options: "i" } }, true],
    [{ "log.data.what": { $regex: "^vat \\d" } }, false],
    [{ "log.data.site.name": { $in: ["South", "North"] } }, true],
    [{ "log.data.site.name": { $nin: ["South", "North"] } }, false],
    [{ "log.data.parent": { $exists: false } }, true],
    [{ "log.data.level": { $gt: 6, $lte: 7 } }, true],
    [{ "log.data.level": { $lt: 7 } }, false],
    [{ "log.data.level": { $gte: 8 } }, false],
    [{ "log.data.level": { $ne: 7 } }, false],
    [{ "log.data.level": { $mod: [5, 2] } }, true],
    [{ "log.data.level": { $type: "string" } }, false],
    [{ "log.data.level": { $not: { $gt: 8 } } }, true],
    [{ "log.data.tags": { $all: ["foam", "vat"] } }, true],
    [{ "log.data.tags": { $size: 3 } }, false],
    [{ "log.data.tags": "foam" }, true],
    [{ "log.data.parts": { $elemMatch: { name: "lid", ok: false } } }, true],
    [{ "log.data.parts": { $elemMatch: { name: "tap", ok: false } } }, false],
    [{ $and: [{ "log.data.level": 7 }, { "log.data.id": "vat-3" }] }, true],
    [{ $or: [{ "log.data.level": 8 }, { "log.data.id": "vat-3" }] }, true],
    [{ $nor: [{ "log.data.level": 8 }, { "log.data.id": "vat-3" }] }, false],
    [{ "log.headers.x-origin": "brewery" }, true],
    [{ "log.params.zone": "7" }, true],
    [{ "log.method": { $in: ["PUT", "GET"] } }, false],
    [{ "log.body": { $regex: '"level":7' } }, true],
    [{}, true],
  ])("%j over data, headers, query, method and body comes to %j", async (match, isMatch) => {
    const line = await openLine("rules", { rules: [{ match, actions: [open()] }] });
    const answer = await line.send(BODY, { query: "?zone=7", headers: { "X-Origin": "brewery" } });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    expect(pluck(await line.events(), "outcome")).toEqual([isMatch ? "created" : "ignored"]);
    expect(line.delivered()).toHaveLength(isMatch ? 1 : 0);
  });
});

describe("rules", () => {
  it("count from the first, and the default comes last", async () => {
    const line = await openLine("rules", {
      rules: [
        { match: { "log.data.level": { $gt: 8 } }, actions: [open({ urgency: "critical" })] },
        { match: { "log.data.level": { $gt: 5 } }, actions: [open({ urgency: "high" })] },
        { match: { "log.data.level": 0 }, actions: [shut] },
      ],
      default: { actions: [{ type: "ignore", reason: "{{ log.data.what }} is fine" }] },
    });
    await line.send(BODY);
    await line.send({ ...BODY, id: "vat-4", level: 9 });
    await line.send({ ...BODY, level: 3 });
    await line.send({ ...BODY, level: 0 });
    expect(await line.events()).toMatchObject([
      { outcome: "created", note: null },
      { outcome: "created" },
      { outcome: "ignored", note: "Vat 3 foams is fine" },
      { outcome: "resolved" },
    ]);
    expect(await line.alerts()).toMatchObject([
      { key: "vat-3", urgency: "high", status: "resolved" },
      { key: "vat-4", urgency: "critical", status: "open" },
    ]);
  });

  it("of which none matches leave the event ignored, and say so", async () => {
    const line = await openLine("rules", { rules: [{ match: { "log.data.level": 0 }, actions: [shut] }] });
    expect((await line.send(BODY)).status).toBe(200);
    expect(await line.events()).toMatchObject([{ outcome: "ignored", note: "No rule matched." }]);
  });

  it("may have several actions, and acknowledge", async () => {
    const line = await openLine("rules", {
      rules: [
        { match: { "log.data.on": true }, actions: [open(), open({ thirdparty_id: "site", title: "Site" })] },
        { match: {}, actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.id }}" }] },
      ],
    });
    const answer = await line.send({ ...BODY, on: true });
    expect(answer.json["ids"]).toHaveLength(2);
    await line.send(BODY);
    expect(await line.alerts()).toMatchObject([
      { key: "vat-3", status: "acknowledged" },
      { key: "site", title: "Site", status: "open" },
    ]);
  });
});

describe("a create", () => {
  it("fills in every field by its template", async () => {
    const line = await openLine("rules", {
      rules: [
        {
          match: {},
          actions: [
            open({
              description: "Level {{ log.data.level }} by {{ log.method }} from {{ log.headers['x-origin'] }}",
              urgency: "is {{ log.params.how }}!",
              tags: ["{{ log.data.site.name }}", "", "foam"],
              meta: { zone: "{{ log.params.zone }}", nested: { level: "{{ log.data.level }}" }, n: 4 },
              additional_data: [
                { format: "link", label: "Camera", value: "https://cam.example/{{ log.data.id }}" },
                { format: "email", label: "Brewer", value: "brewer@brewery.example" },
                { format: "phone", label: "Gate", value: "+43 316 0" },
                { format: "datetime", label: "At", value: "2026-11-02T06:15:09Z" },
                { format: "img", label: "Shot", value: "https://cam.example/1.png" },
                { label: "Level", value: "{{ log.data.level }}" },
                { label: "Blank", value: "{{ log.data.nothing }}" },
              ],
              incident: "{% if log.data.level > 6 %}true{% endif %}",
              incident_severity: "sev-3",
              incident_message: "Call {{ log.data.site.name }}",
            }),
          ],
        },
      ],
    });
    await line.send(BODY, { query: "?zone=7&how=high", headers: { "x-origin": "brewery" } });
    const alert = {
      key: "vat-3",
      title: "Vat 3 foams",
      description: "Level 7 by POST from brewery",
      urgency: "high",
      tags: ["North", "foam"],
      meta: { zone: "7", nested: { level: "7" }, n: 4 },
      incident: { severity: "SEV-3", message: "Call North" },
      additional_data: [
        { format: "link", label: "Camera", value: "https://cam.example/vat-3" },
        { format: "email", label: "Brewer", value: "brewer@brewery.example" },
        { format: "phone", label: "Gate", value: "+43 316 0" },
        { format: "datetime", label: "At", value: "2026-11-02T06:15:09Z" },
        { format: "img", label: "Shot", value: "https://cam.example/1.png" },
        { format: "text", label: "Level", value: "7" },
      ],
    };
    expect(await line.alerts()).toMatchObject([alert]);
    expect(line.delivered()).toMatchObject([{ type: "alert.created", data: { event: { kind: "alert" }, alert } }]);
  });

  it("takes its tags from a text with commas too", async () => {
    const line = await openLine("rules", {
      rules: [{ match: {}, actions: [open({ tags: "{{ log.data.list }}, own,own" })] }],
    });
    await line.send({ ...BODY, list: "a, b ,,c" });
    expect(await line.alerts()).toMatchObject([{ tags: ["a", "b", "c", "own"] }]);
  });

  it("finds its alert across integrations by dedup_keys", async () => {
    const gateway = await openGateway();
    const keys = ["{{ log.data.site.name }}", "{{ log.data.id }}"];
    const rules = [
      { match: { "log.data.end": true }, actions: [{ type: "resolve", dedup_keys: "{{ log.data.id }}" }] },
      { match: {}, actions: [open({ dedup_keys: keys })] },
    ];
    const [one, other] = [await gateway.open("rules", { rules }), await gateway.open("pagertree")];
    await one.send(BODY);
    await other.send({ event_type: "create", Title: "t", dedup_keys: "North" });
    expect(await one.alerts()).toMatchObject([{ key: "North", dedup_count: 1 }]);
    await one.send({ id: "vat-3", end: true });
    expect(await one.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it("without a thirdparty_id is an alert of its own each time; a resolve without one is ignored", async () => {
    const line = await openLine("rules", {
      rules: [
        { match: { "log.data.end": true }, actions: [shut] },
        { match: {}, actions: [open()] },
      ],
    });
    const { id: _, ...rest } = BODY;
    await line.send(rest);
    await line.send(rest);
    await line.send({ end: true });
    expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
    expect(await line.events()).toMatchObject([
      {},
      {},
      { outcome: "ignored", note: expect.stringMatching(/thirdparty_id/) },
    ]);
  });

  it("keeps every digit of an id", async () => {
    const line = await openLine("rules", { rules: [{ match: {}, actions: [open()] }] });
    await line.send('{"id":98765432109876543210,"what":"w"}');
    expect(await line.alerts()).toMatchObject([{ key: "98765432109876543210" }]);
  });
});

describe("what a request brings", () => {
  const anything = { rules: [{ match: {}, actions: [open()] }] };

  it.each([
    ["GET", undefined, "?id=vat-3&what=Foam", undefined],
    ["PUT", { id: "vat-3", what: "Foam" }, "", undefined],
    ["POST", "id=vat-3&what=Foam", "", "application/x-www-form-urlencoded"],
    ["POST", { what: "Foam" }, "?id=vat-3&what=query", undefined],
    ["POST", '{"id":"vat-3","what":"Foam"}', "", "text/plain"],
  ])("is data by %s: %j %s", async (method, body, query, type) => {
    const line = await openLine("rules", anything);
    await line.send(body, { method, query, ...(type === undefined ? {} : { type }) });
    expect(await line.alerts()).toMatchObject([{ key: "vat-3", title: "Foam" }]);
  });

  it("opens JSON inside of texts with parse_json, and only then", async () => {
    const sent = { payload: JSON.stringify({ id: "vat-3", deep: JSON.stringify({ what: "Foam" }) }) };
    const actions = [
      { type: "create", title: "{{ log.data.payload.deep.what }}", thirdparty_id: "{{ log.data.payload.id }}" },
    ];
    const rules = [{ match: { "log.data.payload.id": { $exists: true } }, actions }];
    const gateway = await openGateway();
    const opened = await gateway.open("rules", { rules, preprocess: [{ type: "parse_json" }] });
    const closed = await gateway.open("rules", { rules });
    for (const line of [opened, closed]) await line.send(sent);
    expect(await opened.alerts()).toMatchObject([{ key: "vat-3", title: "Foam" }]);
    expect(await closed.alerts()).toEqual([]);
  });

  it("opens the message of a notification of SNS with parse_sns, whose own id tells repeats", async () => {
    const actions = [
      { type: "create", title: "{{ log.data.Message.what }}", thirdparty_id: "{{ log.data.Message.id }}" },
    ];
    const line = await openLine("rules", { rules: [{ match: {}, actions }], preprocess: [{ type: "parse_sns" }] });
    const body = { Type: "Notification", Message: '{"id":5,"what":"Foam"}', Subject: '{"stays":"text"}' };
    const headers = { "x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "6f1c" };
    for (let n = 0; n < 2; n++) await line.send(body, { type: "text/plain; charset=UTF-8", headers });
    expect(await line.alerts()).toMatchObject([{ key: "5", title: "Foam", dedup_count: 0 }]);
    expect(await line.events()).toMatchObject([{ payload: { Message: { id: 5 }, Subject: '{"stays":"text"}' } }]);
  });

  it("is split by each, with the whole at log.parent", async () => {
    const actions = [open({ description: "{{ log.parent.group }}" })];
    const line = await openLine("rules", {
      rules: [
        { match: { "log.data.on": true }, actions },
        { match: {}, actions: [shut] },
      ],
      each: "found.items",
    });
    const items = [
      { id: 1, what: "a", on: true },
      { id: 2, what: "b", on: true },
    ];
    const answer = await line.send({ group: "G", found: { items } });
    expect(answer.json["ids"]).toEqual(pluck(await line.events(), "id"));
    await line.send({ group: "G", found: { items: [{ id: 2 }] } });
    expect(await line.alerts()).toMatchObject([
      { key: "1", description: "G", status: "open" },
      { key: "2", description: "G", status: "resolved" },
    ]);
    expect(pluck(await line.events(), "payload")).toEqual([...items, { id: 2 }]);
  });

  it.each([undefined, "{", "<a>"])("is 400 where there is nothing to read: %j", async (body) => {
    const line = await openLine("rules", anything);
    const how = { type: body === "<a>" ? "application/xml" : "application/json" };
    expect((await line.send(body, how)).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });
});

describe("rules that cannot work", () => {
  it.each([
    [{}, "options.rules"],
    [{ rule_set: "no-such-tool" }, "options.rule_set"],
    [{ rules: [{ match: { "log.data.a": { $where: "1" } }, actions: [open()] }] }, /^options\.rules\[0\]\.match/],
    [{ rules: [{ match: {}, actions: [open({ title: "{{ log.data" })] }] }, "options.rules[0].actions[0].title"],
    [
      { rules: [{ match: {}, actions: [{ type: "resolve" }] }] },
      /^options\.rules(\[0\]|\.0)\.actions(\[0\]|\.0)\.thirdparty_id/,
    ],
    [{ rules: [{ match: {}, actions: [{ type: "page" }] }] }, /^options\.rules/],
    [{ rules: [], preprocess: [{ type: "parse_xml" }] }, /^options\.preprocess/],
  ])("are refused when they are saved, with the place: %j", async (options, path) => {
    const answer = await client.integrations.create({ name: "n", type: "rules", options: unchecked(options) });
    expect(statusOf(answer)).toBe(400);
    expect(faultsOf(answer)).toEqual([typeof path === "string" ? path : expect.stringMatching(path)]);
  });
});

import { describe, expect, it } from "vitest";
import { faultsOf, openGateway, openLine, pluck } from "../support/flow.ts";

const CREATE = {
  event_type: "create",
  Id: "kiln-7/heat",
  Title: "Kiln 7 is too hot",
  Description: "1240 °C, limit 1200",
};
const act = (event_type: string, Id = CREATE.Id) => ({ event_type, Id });
const SUCCESS = { status: 200, json: { status: "success" } };

describe("an alert's life", () => {
  it("opens, is acknowledged and ends, each told to the destination", async () => {
    const line = await openLine("pagertree");
    const answer = await line.send(CREATE);
    const { id } = answer.json;
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ status: "success", id, request_id: id, attempt: id });
    expect(await line.alerts()).toMatchObject([
      {
        integration_id: line.id,
        key: "kiln-7/heat",
        status: "open",
        title: "Kiln 7 is too hot",
        description: "1240 °C, limit 1200",
        urgency: null,
        tags: [],
        meta: {},
        incident: null,
        additional_data: [],
        dedup_count: 0,
      },
    ]);
    await line.send(act("acknowledge"));
    expect(await line.alerts()).toMatchObject([{ status: "acknowledged", acknowledged_at: expect.any(String) }]);
    await line.send(act("resolve"));
    expect(await line.alerts()).toMatchObject([{ status: "resolved", resolved_at: expect.any(String) }]);
    expect(pluck(await line.events(), "outcome")).toEqual(["created", "acknowledged", "resolved"]);
    const [alert] = await line.alerts();
    const about = { id: alert?.["id"], key: "kiln-7/heat", title: "Kiln 7 is too hot" };
    expect(line.delivered()).toMatchObject([
      {
        type: "alert.created",
        data: { event: { id, kind: "alert", payload: CREATE }, alert: { ...about, status: "open" } },
      },
      { type: "alert.acknowledged", data: { alert: { ...about, status: "acknowledged" } } },
      { type: "alert.resolved", data: { alert: { ...about, status: "resolved" } } },
    ]);
  });

  it("counts a create of an open or acknowledged alert as a repeat, and begins anew after a resolve", async () => {
    const line = await openLine("pagertree");
    const bodies = [CREATE, CREATE, act("acknowledge"), CREATE, act("resolve"), CREATE];
    for (const body of bodies) expect(await line.send(body)).toMatchObject(SUCCESS);
    expect(pluck(await line.events(), "outcome")).toEqual([
      "created",
      "repeated",
      "acknowledged",
      "repeated",
      "resolved",
      "created",
    ]);
    expect(await line.alerts()).toMatchObject([
      { status: "resolved", dedup_count: 2 },
      { status: "open", dedup_count: 0 },
    ]);
    const types = ["alert.created", "alert.acknowledged", "alert.resolved", "alert.created"];
    expect(pluck(line.delivered(), "type")).toEqual(types);
  });

  it("tells of repeats where a route names them", async () => {
    const line = await (await openGateway(["alert.repeated"])).open("pagertree");
    for (let n = 0; n < 3; n++) await line.send(CREATE);
    expect(line.delivered()).toMatchObject([
      { type: "alert.repeated", data: { alert: { dedup_count: 1 } } },
      { type: "alert.repeated", data: { alert: { dedup_count: 2 } } },
    ]);
  });

  it.each(["acknowledge", "resolve"])("has nothing to %s before it has begun: 200 and ignored", async (event_type) => {
    const line = await openLine("pagertree");
    expect(await line.send(act(event_type))).toMatchObject(SUCCESS);
    expect(await line.events()).toMatchObject([{ outcome: "ignored", type: null, alert_id: null }]);
    expect(await line.alerts()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });

  it("is a new one at each create that has no Id", async () => {
    const line = await openLine("pagertree");
    await line.send({ event_type: "create", Title: "Door open" });
    await line.send({ event_type: "create", Title: "Door open", Id: null });
    expect(await line.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
    const keys = pluck(await line.alerts(), "key");
    expect(new Set(keys).size).toBe(2);
  });
});

describe("keys and event types", () => {
  it.each([
    { event_type: "create", Id: "k", Title: "t" },
    { event_type: "create", id: "k", title: "t" },
    { EVENT_TYPE: "CREATE", ID: "k", TITLE: "t" },
    { Event_Type: " Create\n", iD: "k", tItLe: "t" },
  ])("are understood in any case: %j", async (body) => {
    const line = await openLine("pagertree");
    await line.send(body);
    expect(await line.alerts()).toMatchObject([{ key: "k", title: "t", status: "open" }]);
    await line.send({ event_TYPE: "  RESOLVE ", Id: "k" });
    expect(await line.alerts()).toMatchObject([{ status: "resolved" }]);
  });

  it.each([
    [{ eventType: "create", Id: "k", Title: "t" }, "There is no event_type."],
    [{ Id: "k", Title: "t" }, "There is no event_type."],
    [{ event_type: null, Id: "k" }, "There is no event_type."],
    [{ event_type: 1, Id: "k" }, "event_type is not a text."],
    [{ event_type: "escalate", Id: "k", Title: "t" }, 'event_type "escalate" is not known.'],
  ])("that say nothing known are 200 and logged with the reason: %j", async (body, note) => {
    const line = await openLine("pagertree");
    expect(await line.send(body)).toMatchObject(SUCCESS);
    expect(await line.events()).toMatchObject([{ outcome: "ignored", note, payload: body }]);
    expect(await line.alerts()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });

  it("come from query and body together, and the body wins", async () => {
    const line = await openLine("pagertree");
    const query = "?event_type=create&Id=from-query&title=Query&Urgency=low";
    await line.send({ ID: "from-body", Title: "Body" }, { query });
    expect(await line.alerts()).toMatchObject([{ key: "from-body", title: "Body", urgency: "low" }]);
    expect(line.delivered()).toMatchObject([
      { data: { event: { payload: { event_type: "create", Urgency: "low", ID: "from-body", Title: "Body" } } } },
    ]);
    await line.send(undefined, { query: "?event_type=create&Id=alone&Title=Query+alone", method: "PUT" });
    expect(await line.alerts()).toMatchObject([{}, { key: "alone", title: "Query alone" }]);
  });

  it("keep every digit of a number that is an Id", async () => {
    const line = await openLine("pagertree");
    await line.send('{"event_type":"create","Id":76561198000000001234,"Title":"t"}');
    expect(await line.alerts()).toMatchObject([{ key: "76561198000000001234" }]);
  });
});

describe("a create", () => {
  it.each([
    [
      ["a", "b", "a", " ", "", null, 7, true],
      ["a", "b", "7", "true"],
    ],
    ["north, kiln", ["north, kiln"]],
    [[], []],
    [null, []],
  ])("with the tags %j has %j", async (Tags, tags) => {
    const line = await openLine("pagertree");
    await line.send({ ...CREATE, Tags });
    expect(await line.alerts()).toMatchObject([{ tags }]);
    expect(line.delivered()).toMatchObject([{ data: { alert: { tags } } }]);
  });

  it.each([
    ["low", "low"],
    ["MEDIUM", "medium"],
    ["P2 (High)", "high"],
    ["this is critical!", "critical"],
    ["urgent", "medium"],
    [null, "medium"],
  ])("with the urgency %j is %s where the default is medium", async (Urgency, urgency) => {
    const line = await openLine("pagertree", { default_urgency: "medium" });
    await line.send({ ...CREATE, Urgency });
    expect(await line.alerts()).toMatchObject([{ urgency }]);
  });

  it("has its incident in Meta, whose other keys stay", async () => {
    const line = await openLine("pagertree");
    const Meta = {
      incident: true,
      incident_severity: "sev-2",
      incident_message: "Bridge 40",
      shift: "B",
      at: { row: 3 },
    };
    await line.send({ ...CREATE, Meta });
    const alert = { incident: { severity: "SEV-2", message: "Bridge 40" }, meta: { shift: "B", at: { row: 3 } } };
    expect(await line.alerts()).toMatchObject([alert]);
    const [delivered] = line.delivered();
    expect(delivered?.["data"].alert.meta).toEqual(alert.meta);
  });

  it.each([
    ["SEV-5", true, "SEV-5"],
    ["sev-unknown", "true", "SEV-UNKNOWN"],
    ["catastrophe", 1, "SEV-UNKNOWN"],
    [undefined, "yes", "SEV-UNKNOWN"],
  ])("of the severity %j with incident %j is %s", async (incident_severity, incident, severity) => {
    const line = await openLine("pagertree");
    await line.send({ ...CREATE, Meta: { incident, incident_severity } });
    expect(await line.alerts()).toMatchObject([{ incident: { severity } }]);
  });

  it.each([false, "false", 0, "0", "no", null, ""])("is no incident where that is %j", async (incident) => {
    const line = await openLine("pagertree");
    await line.send({ ...CREATE, Meta: { incident, incident_severity: "SEV-1" } });
    expect(await line.alerts()).toMatchObject([{ incident: null }]);
  });

  it("takes the keys of Meta in lower case only", async () => {
    const line = await openLine("pagertree");
    await line.send({ ...CREATE, Meta: { Incident: true } });
    expect(await line.alerts()).toMatchObject([{ incident: null, meta: { Incident: true } }]);
  });

  it.each([
    [{ event_type: "create", Id: "k" }, ["Title"]],
    [{ ...CREATE, Title: "  " }, ["Title"]],
    [{ ...CREATE, Title: 5 }, ["Title"]],
    [{ ...CREATE, Tags: { a: 1 } }, ["Tags"]],
    [{ ...CREATE, Tags: ["a", ["b"], { c: 1 }] }, ["Tags[1]", "Tags[2]"]],
    [{ ...CREATE, Meta: "x" }, ["Meta"]],
    [{ event_type: "create", title: "", tags: {}, meta: 1 }, ["title", "tags", "meta"]],
    [{ event_type: "resolve" }, ["Id"]],
  ])("or another act that lacks something is 400, and stores nothing: %j", async (body, paths) => {
    const line = await openLine("pagertree");
    const answer = await line.send(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(faultsOf(answer)).toEqual(paths);
    expect(await line.events()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });

  it.each([undefined, "", "{", "[]", '"create"', "null"])("that is no map of fields is 400: %j", async (body) => {
    const line = await openLine("pagertree");
    expect((await line.send(body)).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });

  it("may do without a Description", async () => {
    const line = await openLine("pagertree");
    await line.send({ event_type: "create", Id: "k", Title: "t" });
    expect(await line.alerts()).toMatchObject([{ description: "" }]);
  });
});

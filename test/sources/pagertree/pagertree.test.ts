import { describe, expect, it } from "vitest";
import { SOURCES } from "../../../src/sources/registry.ts";
import { EVENT_ID, INTEGRATION, alertOf, created, errors, event, paths } from "../../support/pagertree.ts";

describe("event_type", () => {
  it.each(["create", " Create\n", "CREATE"])("takes %j for a create", (event_type) => {
    expect(created({ event_type })).toMatchObject({ action: "create", namespace: "int_1", key: "gen-4", note: null });
  });

  it.each(["acknowledge", " ReSolve "])("takes %j whatever the other fields hold", (event_type) => {
    const { signal } = event({ event_type, Id: "gen-4", Title: 7, Tags: { a: 1 }, Meta: "x" });
    expect(signal).toEqual({ action: event_type.trim().toLowerCase(), namespace: "int_1", key: "gen-4", note: null });
  });

  it.each([
    [{ event_type: "snooze" }],
    [{ eventType: "create" }],
    [{}],
    [{ event_type: null }],
    [{ event_type: ["create"] }],
    [{ event_type: 3 }],
    [{ event_type: "" }],
  ])("ignores a request that says %j, with a note", (fields) => {
    expect(event({ Id: "gen-4", Title: 9, ...fields }).signal).toEqual({ action: "ignore", note: expect.any(String) });
  });
});

describe("the names of fields", () => {
  it("match in any case", () => {
    const { signal } = event({ EVENT_TYPE: "create", iD: "gen-5", tItLe: "Fuel low", TAGS: ["site-b"] });
    expect(signal).toMatchObject({ action: "create", key: "gen-5", fields: { title: "Fuel low", tags: ["site-b"] } });
  });

  it("take the last of those that differ in case only", () => {
    expect(alertOf({ title: "the last" }).title).toBe("the last");
  });

  it("are given back in an error as the sender wrote them", () => {
    expect(paths({ event_type: "create", TITLE: 4, tags: [[1]] })).toEqual(["TITLE", "tags[0]"]);
  });
});

describe("query and body", () => {
  it("are merged, and the body wins whatever the case", () => {
    const merged = event({ Title: "from the body", Id: 1 }, { query: "title=from+the+query&event_type=create&site=b" });
    expect(merged.payload).toEqual({ Title: "from the body", Id: 1, event_type: "create", site: "b" });
    expect(merged.payload_is_body).toBe(false);
    expect(merged.signal).toMatchObject({ action: "create", key: "1", fields: { title: "from the body" } });
  });

  it("may be a query alone", () => {
    const { signal, payload_is_body } = event("", {
      query: "event_type=create&Title=Fuel%20low&Tags[]=a&Tags[]=b&Meta[incident]=yes",
    });
    expect(signal).toMatchObject({
      action: "create",
      fields: { title: "Fuel low", tags: ["a", "b"], incident: { severity: "SEV-UNKNOWN" } },
    });
    expect(payload_is_body).toBe(false);
  });

  it("need not be kept twice where the body says it all", () => {
    expect(event({ a: 1 })).toMatchObject({ payload_is_body: true, payload: { a: 1 } });
    expect(event({ a: 1 }, { query: "A=2" })).toMatchObject({ payload_is_body: true, payload: { a: 1 } });
    expect(event('\ufeff{"a":1}')).toMatchObject({ payload_is_body: false, payload: { a: 1 } });
  });

  it("may be a form", () => {
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const { signal, payload } = event("event_type=create&Title=Fuel+low&Id=00012345678901234567890", { headers });
    expect(signal).toMatchObject({ key: "00012345678901234567890" });
    expect(payload).toMatchObject({ Title: "Fuel low" });
  });

  it("may be multipart/form-data", () => {
    const headers = { "content-type": "multipart/form-data; boundary=k" };
    const fields = [
      ["event_type", "create"],
      ["id", "gen-6"],
      ["Title", "Fuel low"],
      ["Tags[]", "site-b"],
      ["Tags[]", "pump"],
      ["Meta[shard]", "4"],
    ];
    const parts = fields.map(
      ([name, value]) => `--k\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    expect(event(`${parts.join("")}--k--\r\n`, { headers }).signal).toMatchObject({
      action: "create",
      key: "gen-6",
      fields: { title: "Fuel low", tags: ["site-b", "pump"], meta: { shard: "4" } },
    });
    expect(event('{"event_type":"resolve","Id":"gen-6"}', { headers }).signal).toMatchObject({ action: "resolve" });
  });

  it("may be JSON that is labelled as a form, as command-line tools label it", () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(event(' {"event_type":"resolve","Id":"gen-4"}', { headers }).signal).toMatchObject({ action: "resolve" });
  });
});

describe("a body that says nothing", () => {
  it.each(["", "  \n"])("is refused where there is no query either: %j", (body) => {
    expect(errors(body)).toEqual([{ path: "", message: expect.any(String) }]);
    expect(errors(body, { query: "&&" })).toHaveLength(1);
  });

  it.each(["[1,2]", "7", '"text"', "true", "null"])("is refused where it is no map: %s", (body) => {
    expect(errors(body)).toEqual([{ path: "", message: expect.stringContaining("map") }]);
  });

  it.each(['{"event_type":', '{"hunter2":x}', "\u0000\u0000", "hunter2", "{'a':1}", '{"a":1}}'])(
    "is refused where it is broken, and not echoed: %j",
    (body) => {
      const [error] = errors(body);
      expect(error?.path).toBe("");
      expect(error?.message).toMatch(/not valid JSON/);
      expect(error?.message).not.toMatch(/hunter2/);
    },
  );

  it("is told where it breaks", () => {
    expect(errors('{\n  "Id": 1,\n}')[0]?.message).toContain("line 3");
  });

  it("is refused where it is no UTF-8", () => {
    const request = {
      method: "POST",
      query: "event_type=create&Title=a",
      headers: {},
      body: new Uint8Array([0xff]),
      text: null,
      is_utf8: false,
    };
    const options = SOURCES.pagertree.options.parse({});
    const result = SOURCES.pagertree.prepare(options)(request, { integration: INTEGRATION, eventIdAt: () => EVENT_ID });
    expect(result).toEqual({ ok: false, error: [{ path: "", message: expect.stringContaining("UTF-8") }] });
  });

  it("is refused where it nests too deep, brackets in texts apart", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(errors(nested(100))[0]?.message).toContain("deep");
    expect(errors(nested(1_000_000))[0]?.message).toContain("deep");
    expect(event(nested(99)).payload_is_body).toBe(true);
    expect(event({ a: `\\"${"[".repeat(5_000)}`, b: "\\", c: "{{" }).payload_is_body).toBe(true);
  });
});

describe("Id", () => {
  it.each([
    ["7", "7"],
    ["12345678901234567890123", "12345678901234567890123"],
    ["1.50", "1.50"],
    ["-0", "-0"],
    ["1e400", "1e400"],
    ['"  padded "', "  padded "],
  ])("%s is the key %j", (id, key) => {
    const { signal } = event(`{"event_type":"resolve","nested":{"Id":1},"Id":${id}}`);
    expect(signal).toMatchObject({ key });
  });

  it.each([{ a: 1 }, ["a"], true, false])("%j is refused", (Id) => {
    expect(paths({ event_type: "create", Title: "Fuel low", Id })).toEqual(["Id"]);
    expect(paths({ event_type: "resolve", Id })).toEqual(["Id"]);
  });

  it("is named after the event where a create has none, so that running twice names it once", () => {
    for (const Id of [null, "", "  "]) expect(created({ Id })).toMatchObject({ namespace: "int_1", key: EVENT_ID });
    expect(event({ event_type: "create", Title: "Fuel low" }).signal).toMatchObject({ key: EVENT_ID });
  });

  it.each(["acknowledge", "resolve"])("has to be there to %s", (event_type) => {
    expect(paths({ event_type })).toEqual(["Id"]);
    expect(paths({ event_type, ID: " " })).toEqual(["ID"]);
  });

  it("may be at most 1,000 characters long", () => {
    expect(created({ Id: "k".repeat(1_000) }).key).toHaveLength(1_000);
    expect(paths({ event_type: "resolve", Id: "k".repeat(1_001) })).toEqual(["Id"]);
  });

  it("is made fit to be stored", () => {
    expect(created({ Id: "a\u0000b\ud800c" }).key).toBe("a\ufffdb\ufffdc");
  });
});

describe("dedup_keys", () => {
  it("share their key with all integrations, and come before Id", () => {
    expect(created({ dedup_keys: "rack-9" })).toMatchObject({ namespace: "*", key: "rack-9" });
    expect(created({ Dedup_Keys: ["", null, 42, "b"] })).toMatchObject({ namespace: "*", key: "42" });
    expect(event('{"event_type":"resolve","dedup_keys":[98765432109876543210,"b"]}').signal).toEqual({
      action: "resolve",
      namespace: "*",
      key: "98765432109876543210",
      aliases: ["b"],
      note: null,
    });
  });

  it.each([null, "", [], [" "]])("%j names no key", (dedup_keys) => {
    expect(created({ dedup_keys })).toMatchObject({ namespace: "int_1", key: "gen-4" });
  });

  it("are refused where they are no texts or numbers", () => {
    expect(paths({ event_type: "resolve", dedup_keys: { a: 1 } })).toEqual(["dedup_keys"]);
    expect(paths({ event_type: "resolve", dedup_keys: true })).toEqual(["dedup_keys"]);
    expect(paths({ event_type: "resolve", dedup_keys: ["a", ["b"], true] })).toEqual([
      "dedup_keys[1]",
      "dedup_keys[2]",
    ]);
  });
});

describe("hostile names", () => {
  it("pollute nothing", () => {
    const body = `{"event_type":"create","Title":"Fuel low","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},
      "Meta":{"__proto__":{"polluted":1},"incident":false}}`;
    const seen = event(body, {
      options: { capture_additional_data: true },
      query: "__proto__[polluted]=1&x[__proto__]=1",
    });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.getPrototypeOf(seen.payload)).toBe(Object.prototype);
    if (seen.signal.action !== "create") throw new Error("not a create");
    expect(Object.getPrototypeOf(seen.signal.fields.meta)).toBe(Object.prototype);
    expect(seen.signal.fields.additional_data.map(({ label }) => label)).toEqual(["x", "__proto__", "constructor"]);
  });

  it("are no fields of a request that has none", () => {
    expect(event({ toString: 1 }).signal).toMatchObject({ action: "ignore" });
    expect(event("", { query: "constructor=create" }).signal).toMatchObject({ action: "ignore" });
  });
});

describe("options", () => {
  it("have defaults", () => {
    expect(SOURCES.pagertree.options.parse({})).toEqual({
      capture_additional_data: false,
      default_urgency: null,
      wrapper_key: null,
      title_template: null,
      description_template: null,
      expect_every_minutes: null,
    });
  });

  it.each([{ other: 1 }, { capture_additional_data: "yes" }, { default_urgency: "urgent" }])("refuse %j", (options) => {
    expect(SOURCES.pagertree.options.safeParse(options).success).toBe(false);
  });
});

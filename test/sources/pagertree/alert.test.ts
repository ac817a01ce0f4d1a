import { describe, expect, it } from "vitest";
import { alertOf, created, event, paths } from "../../support/pagertree.ts";

describe("Title and Description", () => {
  it.each([
    [{}],
    [{ Title: null }],
    [{ Title: "" }],
    [{ Title: " \n " }],
    [{ Title: 7 }],
    [{ Title: true }],
    [{ Title: ["a"] }],
    [{ Title: {} }],
  ])("a create with %j is refused", (fields) => {
    expect(paths({ event_type: "create", Id: "gen-4", ...fields })).toEqual(["Title"]);
  });

  it("a description may be absent", () => {
    expect(alertOf({}).description).toBe("");
    expect(alertOf({ Description: null }).description).toBe("");
    expect(alertOf({ Description: "Tank two, 4%" }).description).toBe("Tank two, 4%");
  });

  it.each([7, true, {}, ["a"]])("a description %j is refused", (Description) => {
    expect(paths({ event_type: "create", Title: "Fuel low", Description })).toEqual(["Description"]);
  });

  it("are made well-formed", () => {
    expect(alertOf({ Title: "a\ud800", Description: "\udc00b" })).toMatchObject({
      title: "a\ufffd",
      description: "\ufffdb",
    });
  });

  it("name every field that is wrong", () => {
    const wrong = { event_type: "create", Id: [], Title: 1, Description: 2, Tags: {}, Meta: [], dedup_keys: {} };
    expect(paths(wrong).toSorted()).toEqual(["Description", "Id", "Meta", "Tags", "Title", "dedup_keys"]);
  });
});

describe("Tags", () => {
  it.each([
    [
      ["b", "a", "b"],
      ["b", "a"],
    ],
    [["a", "", "  ", null], ["a"]],
    [
      [3, true, false, "3"],
      ["3", "true", "false"],
    ],
    ["a, b", ["a, b"]],
    [["a,b"], ["a,b"]],
    [null, []],
    ["", []],
    [["\ud800"], ["\ufffd"]],
  ])("%j become %j", (Tags, tags) => {
    expect(alertOf({ Tags }).tags).toEqual(tags);
  });

  it("keep the digits of a number", () => {
    const { signal } = event('{"event_type":"create","Title":"Fuel low","Tags":[98765432109876543210]}');
    expect(signal).toMatchObject({ fields: { tags: ["98765432109876543210"] } });
  });

  it("are refused where they hold maps or lists", () => {
    expect(paths({ event_type: "create", Title: "Fuel low", Tags: { a: 1 } })).toEqual(["Tags"]);
    expect(paths({ event_type: "create", Title: "Fuel low", Tags: ["a", {}, [1]] })).toEqual(["Tags[1]", "Tags[2]"]);
  });
});

describe("Meta", () => {
  it("gives up the incident and keeps the rest", () => {
    const Meta = {
      incident: true,
      incident_severity: "sev-3",
      incident_message: "Call the yard",
      shard: 7,
      Incident: 1,
    };
    expect(alertOf({ Meta })).toMatchObject({
      meta: { shard: 7, Incident: 1 },
      incident: { severity: "SEV-3", message: "Call the yard" },
    });
  });

  it.each([true, 1, -2, "true", " TRUE ", "1", "yes", "on"])("incident %j is one", (incident) => {
    expect(alertOf({ Meta: { incident } }).incident).toEqual({ severity: "SEV-UNKNOWN", message: "" });
  });

  it.each([false, 0, "false", "0", "no", "", "off", null, {}, [true]])("incident %j means no incident", (incident) => {
    const alert = alertOf({ Meta: { incident, incident_severity: "SEV-1", incident_message: "m" } });
    expect(alert).toMatchObject({ incident: null, meta: {} });
  });

  it("knows its own keys in lower case only", () => {
    expect(alertOf({ Meta: { INCIDENT: true } })).toMatchObject({ incident: null, meta: { INCIDENT: true } });
  });

  it.each([
    ["SEV-1", "SEV-1"],
    [" sev-5 ", "SEV-5"],
    ["SEV-6", "SEV-UNKNOWN"],
    ["sev-unknown", "SEV-UNKNOWN"],
    [1, "SEV-UNKNOWN"],
    [null, "SEV-UNKNOWN"],
  ])("severity %j is %s", (incident_severity, severity) => {
    expect(alertOf({ Meta: { incident: true, incident_severity } }).incident?.severity).toBe(severity);
  });

  it.each([["a"], "a", 1, true])("%j is refused", (Meta) => {
    expect(paths({ event_type: "create", Title: "Fuel low", Meta })).toEqual(["Meta"]);
  });

  it("may be null", () => {
    expect(alertOf({ Meta: null })).toMatchObject({ meta: {}, incident: null });
  });
});

describe("Urgency", () => {
  it.each([
    ["high", "high"],
    ["P1 - CRITICAL!", "critical"],
    ["critical (below the red line)", "critical"],
    ["medium-ish", "medium"],
    ["urgent", null],
    [3, null],
    [null, null],
    [{}, null],
  ])("%j is %j", (Urgency, urgency) => {
    expect(alertOf({ Urgency }).urgency).toBe(urgency);
  });

  it("is the integration's own if none is named", () => {
    const options = { default_urgency: "medium" } as const;
    expect(alertOf({ Urgency: "urgent" }, { options }).urgency).toBe("medium");
    expect(alertOf({}, { options }).urgency).toBe("medium");
    expect(alertOf({ Urgency: "low" }, { options }).urgency).toBe("low");
  });
});

describe("capture_additional_data", () => {
  const others = { RunBook: "https://wiki.test/fuel", load: 0.5, Nested: { b: [1] }, none: null };

  it("is off by default", () => {
    expect(alertOf(others).additional_data).toEqual([]);
  });

  it("keeps every other field, its case, and nested values as JSON", () => {
    const options = { capture_additional_data: true };
    expect(alertOf({ ...others, Urgency: "low" }, { options, query: "Site=b" }).additional_data).toEqual([
      { format: "text", label: "Site", value: "b" },
      { format: "text", label: "RunBook", value: "https://wiki.test/fuel" },
      { format: "text", label: "load", value: 0.5 },
      { format: "text", label: "Nested", value: '{"b":[1]}' },
      { format: "text", label: "none", value: null },
    ]);
  });
});

describe("what is too large for an alert", () => {
  it("is cut with a note, and whole in the payload", () => {
    const Meta = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`key-${i}`, "v".repeat(20)]));
    const big = {
      Title: "t".repeat(20_000),
      Description: "\u0001".repeat(300_000),
      Tags: Array.from({ length: 9_000 }, (_, i) => `tag-${i}`),
      Meta,
    };
    const signal = created(big);
    expect(signal.note).toContain("title, description, tags, meta");
    expect(JSON.stringify(JSON.stringify(signal.fields)).length).toBeLessThan(1_200_000);
    expect(event({ event_type: "create", ...big }).payload).toMatchObject({ Title: big.Title });
  });

  it("is left alone where it fits", () => {
    const signal = created({ Description: "d".repeat(500_000) });
    expect(signal).toMatchObject({ note: null, fields: { description: "d".repeat(500_000) } });
  });

  it("is not cut inside a character", () => {
    expect(alertOf({ Title: `a${"\u{1f525}".repeat(8_000)}` }).title.isWellFormed()).toBe(true);
  });
});

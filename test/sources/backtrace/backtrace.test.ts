import { describe, expect, it } from "vitest";
import group from "../../fixtures/backtrace-group.json";
import sample from "../../fixtures/backtrace-guide-sample.txt?raw";
import { errorsOf, eventOf, openingOf } from "../../support/sources.ts";

const read = (body: unknown) => eventOf("backtrace", body);
const opening = (body: unknown) => openingOf("backtrace", body);
const { universe, project, fingerprint } = group;

describe("a notification of a group", () => {
  it("is a create on the group's key", () => {
    expect(read(group)).toMatchObject({
      kind: "group",
      payload: group,
      payload_is_body: true,
      signal: { action: "create", namespace: "int_1", key: "harbour/crane-control/b7c1e9902d4f", note: null },
    });
  });

  it("is known again by its object, in the same group only", () => {
    const id = read(group).provider_event_id;
    expect(id).not.toBeNull();
    expect(read({ ...group, occurrences: 13 }).provider_event_id).toBe(id);
    expect(read({ ...group, object_id: "3fb" }).provider_event_id).not.toBe(id);
    expect(read({ ...group, fingerprint: "other" }).provider_event_id).not.toBe(id);
    expect(read({ ...group, project: "other" }).provider_event_id).not.toBe(id);
  });

  it.each([undefined, null, "", " ", {}, [], true])("is not known again where its object is %j", (object_id) => {
    expect(read({ ...group, object_id }).provider_event_id).toBeNull();
  });

  it("needs no more than its key", () => {
    const { fields } = opening({ universe, project, fingerprint });
    expect(fields).toMatchObject({
      title: "crane-control: b7c1e9902d4f",
      tags: [],
      additional_data: [],
      urgency: null,
    });
  });

  it.each([
    [{ callstack: "main", classifiers: {}, attributes: [], timestamp: 3, hosts: {}, occurrences: [] }],
    [
      {
        callstack: [{}, null],
        classifiers: [null, [], 7],
        attributes: { a: 1, b: [1, null, []] },
        timestamp: [{}, "x"],
      },
    ],
    [{ callstack: null, classifiers: null, attributes: null, timestamp: [1e300, -1e300], application: 4 }],
  ])("is taken whatever its other fields hold: %j", (others) => {
    expect(opening({ universe, project, fingerprint, ...others }).action).toBe("create");
  });
});

describe("the text", () => {
  it("has what is known of the group", () => {
    const { fields } = opening(group);
    expect(fields.title).toBe("craned: memcpy");
    expect(fields.tags).toEqual(["segv", "memory"]);
    expect(fields.meta).toEqual({ universe, project, application: "craned", fingerprint });
    expect(fields.description).toContain("Occurrences: 12");
    expect(fields.description).toContain("read_frame");
    expect(fields.additional_data).toEqual(
      expect.arrayContaining([
        { format: "link", label: "Group", value: group.group_url },
        { format: "datetime", label: "First seen", value: "2026-01-01T00:00:00.000Z" },
        { format: "datetime", label: "Last seen", value: "2026-01-01T01:00:00.000Z" },
        { format: "text", label: "version", value: "2.0.1 (9), 2.0.0 (3)" },
      ]),
    );
  });

  it("shows histograms whatever their values are", () => {
    const attributes = { m: [[{ a: 1 }, 2], [[7], 3], [null, 1], {}], n: { "1.0": 4 }, o: 5, p: [], q: null };
    const shown = opening({ ...group, attributes }).fields.additional_data.slice(-3);
    expect(shown).toEqual([
      { format: "text", label: "m", value: '{"a":1} (2), [7] (3),  (1), {}' },
      { format: "text", label: "n", value: '{"1.0":4}' },
      { format: "text", label: "o", value: "5" },
    ]);
  });

  it("falls back on the fingerprint without a callstack", () => {
    expect(opening({ ...group, callstack: [] }).fields.title).toBe("craned: b7c1e9902d4f");
    expect(opening({ ...group, callstack: ["", "main"] }).fields.title).toBe("craned: main");
  });

  it("makes a link only of what is one", () => {
    const { fields } = opening({ ...group, group_url: "javascript:alert(1)" });
    expect(fields.additional_data).toContainEqual({ format: "text", label: "Group", value: "javascript:alert(1)" });
  });
});

describe("what is refused", () => {
  it("names every part of the key that is missing", () => {
    expect(errorsOf("backtrace", {}).map(({ path }) => path)).toEqual(["universe", "project", "fingerprint"]);
    expect(errorsOf("backtrace", { ...group, project: " ", fingerprint: [] }).map(({ path }) => path)).toEqual([
      "project",
      "fingerprint",
    ]);
  });

  it("says where the sample of the vendor's guide stops being JSON", () => {
    expect(errorsOf("backtrace", sample)).toEqual([
      { path: "", message: expect.stringMatching(/not valid JSON.*line 2/) },
    ]);
  });

  it.each(["", "[]", "7", "null", '"text"'])("a body of %j", (body) => {
    expect(errorsOf("backtrace", body)).toEqual([{ path: "", message: expect.any(String) }]);
  });
});

it("keys keep parts apart, and digits of a number", () => {
  const key = (parts: object) => opening({ universe: "u", project: "p", fingerprint: "f", ...parts }).key;
  expect(key({ universe: "u/p", project: "x" })).not.toBe(key({ project: "p/x" }));
  expect(opening('{"universe":"u","project":"p","fingerprint":12345678901234567890}').key).toBe(
    "u/p/12345678901234567890",
  );
});

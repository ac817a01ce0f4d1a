import { describe, expect, it } from "vitest";
import { create, eventsOf, fieldsOf, noteOf } from "./support.ts";

describe("the fields of an alert", () => {
  it("come from templates, and other values pass through", () => {
    const action = {
      thirdparty_id: 12,
      title: "{{ log.data.t }}",
      description: "{{ log.data.d | upcase }}",
      urgency: "this is {{ log.data.severity }}!",
      tags: ["{{ log.data.env }}", " x ", "x", "", 5, true],
      meta: { plain: 1, none: null, "{{ key }}": "{{ log.data.env }}", nested: { list: ["{{ log.data.t }}", 2] } },
      additional_data: [
        { format: "link", label: "Go", value: "{{ log.data.url }}" },
        { format: "link", label: "Bad", value: "javascript:alert(1)" },
        { format: "img", label: "No picture", value: "{{ log.data.t }}" },
        { label: "Empty", value: "{{ log.data.missing }}" },
        { format: "datetime", label: "At {{ log.data.env }}", value: 5 },
        { format: "datetime", label: "Since", value: "yesterday, at 5" },
      ],
      incident: "{{ log.data.big }}",
      incident_severity: "sev_{{ log.data.level }}",
      incident_message: "call {{ log.data.env }}",
    };
    const body = { t: "T", d: "d", severity: "HIGH", env: "prod", url: "https://x.example/1", big: true, level: 2 };
    const [event] = eventsOf(create(action), { body });
    expect(event?.signal).toMatchObject({ key: "12" });
    expect(fieldsOf(event)).toEqual({
      title: "T",
      description: "D",
      urgency: "high",
      tags: ["prod", "x", "5", "true"],
      meta: { plain: 1, none: null, "{{ key }}": "prod", nested: { list: ["T", 2] } },
      additional_data: [
        { format: "link", label: "Go", value: "https://x.example/1" },
        { format: "text", label: "Bad", value: "javascript:alert(1)" },
        { format: "text", label: "No picture", value: "T" },
        { format: "datetime", label: "At prod", value: 5 },
        { format: "text", label: "Since", value: "yesterday, at 5" },
      ],
      incident: { severity: "SEV-2", message: "call prod" },
    });
  });

  it("are empty where the action does not name them", () => {
    expect(fieldsOf(eventsOf(create({}), { body: {} })[0])).toEqual({
      title: "t",
      description: "",
      urgency: null,
      tags: [],
      meta: {},
      incident: null,
      additional_data: [],
    });
  });

  it.each<[string, string | null]>([
    ["critical", "critical"],
    ["P1 - Critical, was low", "critical"],
    ["MEDIUM", "medium"],
    ["whatever", null],
    ["", null],
  ])("the urgency in %j is %s", (urgency, expected) => {
    expect(fieldsOf(eventsOf(create({ urgency: "{{ log.data.u }}" }), { body: { u: urgency } })[0])).toMatchObject({
      urgency: expected,
    });
  });

  it.each<[string, string[]]>([
    ["a, b ,,a", ["a", "b"]],
    ["{{ log.data.list }}", ["one", "two"]],
    ["{{ log.data.list | join: ';' }}", ["one;two"]],
  ])("the tags %j are separate at commas", (tags, expected) => {
    expect(fieldsOf(eventsOf(create({ tags }), { body: { list: ["one", "two"] } })[0])).toMatchObject({
      tags: expected,
    });
  });

  it.each(["false", "0", "no", "", "{{ log.data.missing }}"])("%j makes no incident", (incident) => {
    expect(fieldsOf(eventsOf(create({ incident }), { body: {} })[0])).toMatchObject({ incident: null });
  });

  it("has a title although the template gives none, and says so", () => {
    const [event] = eventsOf(create({ title: " {{ log.data.missing }} " }), { body: {} });
    expect(fieldsOf(event)).toMatchObject({ title: "Alert from Monitoring" });
    expect(noteOf(event)).toContain("The title is blank");
  });

  it("has a title although the template costs too much, and says why", () => {
    const title = "{% for i in (1..900000) %}{% for j in (1..900000) %}{% endfor %}{% endfor %}";
    const [event] = eventsOf(create({ title }), { body: {} });
    expect(fieldsOf(event)).toMatchObject({ title: "Alert from Monitoring" });
    expect(noteOf(event)).toContain("rules[0].actions[0].title: The template cannot be filled in: it takes more work");
  });

  it("is cut to what can be kept, and says so", () => {
    const [event] = eventsOf(create({ title: "{{ log.data.t }}" }), { body: { t: "x".repeat(100_000) } });
    expect(noteOf(event)).toBe("Cut, because they are too large for an alert: title.");
  });

  it("keeps lone surrogates out", () => {
    const [event] = eventsOf(create({ title: "{{ log.data.t | slice: 0, 5 }}" }), {
      text: '{"t":"\\ud800abc"}',
      headers: { "content-type": "application/json" },
    });
    expect(JSON.stringify(fieldsOf(event))).not.toContain("ud800");
  });
});

describe("the key of an alert", () => {
  it("is the event's own where thirdparty_id is blank on a create", () => {
    const [event] = eventsOf(create({ thirdparty_id: "{{ log.data.id }}" }), { body: {} });
    expect(event?.signal).toMatchObject({ namespace: "int_1", key: "evt_0" });
    expect(noteOf(event)).toBe("thirdparty_id is blank, so that the alert has a key of its own.");
    expect(noteOf(eventsOf(create({}), { body: {} })[0])).toBeNull();
  });

  it.each(["acknowledge", "resolve"])("cannot be left out of an %s, which is ignored then", (type) => {
    const [event] = eventsOf(
      { rules: [{ match: {}, actions: [{ type, thirdparty_id: "{{ log.data.id }}" }] }] },
      { body: {} },
    );
    expect(event?.signal).toEqual({
      action: "ignore",
      note: `thirdparty_id is blank, so that there is no alert to ${type}.`,
    });
  });

  it("is the first of dedup_keys, which all integrations share, and the others are aliases", () => {
    const dedup_keys = ["{{ log.data.missing }}", "{{ log.data.a }}", "b", "{{ log.data.a }}"];
    const [event] = eventsOf(create({ thirdparty_id: "x", dedup_keys }), { body: { a: "A" } });
    expect(event?.signal).toMatchObject({ namespace: "*", key: "A", aliases: ["b"] });
    const resolve = { rules: [{ match: {}, actions: [{ type: "resolve", dedup_keys: "{{ log.data.a }}" }] }] };
    expect(eventsOf(resolve, { body: { a: "A" } })[0]?.signal).toEqual({
      action: "resolve",
      namespace: "*",
      key: "A",
      note: null,
    });
  });

  it("stays apart from others where it is very long", () => {
    const keyOf = (id: string): string => {
      const signal = eventsOf(create({ thirdparty_id: "{{ log.data.id }}" }), { body: { id } })[0]?.signal;
      return signal?.action === "create" ? signal.key : "";
    };
    const [one, two] = [keyOf(`${"k".repeat(2_000)}1`), keyOf(`${"k".repeat(2_000)}2`)];
    expect(one).not.toBe(two);
    expect(one.length).toBeLessThanOrEqual(1_000);
    expect(keyOf("a\u0000b")).toBe("a\ufffdb");
  });

  it("keeps every digit of a large number", () => {
    const options = create({ thirdparty_id: "{{ log.data.id }}" });
    const [event] = eventsOf(options, {
      text: '{"id":12345678901234567890,"n":3}',
      headers: { "content-type": "application/json" },
    });
    expect(event?.signal).toMatchObject({ key: "12345678901234567890" });
    expect(JSON.stringify(event?.payload)).toBe('{"id":12345678901234567890,"n":3}');
  });
});

import { describe, expect, it } from "vitest";
import { SOURCES } from "../../../src/sources/registry.ts";
import wrapped from "../../fixtures/pagertree-wrapped.json?raw";
import { EVENT_ID, errorsOf, eventOf, openingOf, optionFaults } from "../../support/sources.ts";

const read = (body: unknown, options: object, query = "") => eventOf("pagertree", body, { options, query });
const opening = (body: unknown, options: object) => openingOf("pagertree", body, { options });
const create = { event_type: "create", Id: "gen-4", Title: "Fuel low" };

describe("wrapper_key", () => {
  it("finds the fields, digits and dedup keys included, and leaves the payload whole", () => {
    const event = read(wrapped, { wrapper_key: "notice" });
    expect(event).toMatchObject({ payload: JSON.parse(wrapped), payload_is_body: true });
    expect(event.signal).toEqual({
      action: "create",
      namespace: "*",
      key: "crane-4",
      aliases: ["north-yard"],
      fields: expect.objectContaining({ title: "Crane 4 has stopped", tags: ["crane", "4"] }),
      note: null,
    });
    const withoutKeys = wrapped.replace(/,\s*"dedup_keys": \[[^\]]*\]/, "");
    expect(read(withoutKeys, { wrapper_key: "notice" }).signal).toMatchObject({ key: "9007199254740993123" });
  });

  it.each([
    ["data.alerts[?on] | [0]", { data: { alerts: [{}, { on: 1, ...create }] } }],
    [
      "{event_type: kind, Id: ref.id, Title: join(' ', [what, 'low'])}",
      { kind: "create", ref: { id: "gen-4" }, what: "Fuel" },
    ],
    ["not_null(a, b)", { b: create }],
    ["merge(@, inner)", { event_type: "create", inner: { id: "gen-4", title: "Fuel low" } }],
    ['"my-key"', { "my-key": create }],
  ])("may be %s", (wrapper_key, body) => {
    expect(read(body, { wrapper_key }).signal).toMatchObject({
      action: "create",
      key: "gen-4",
      fields: { title: "Fuel low" },
      note: null,
    });
  });

  it("looks into query and body together", () => {
    const event = read({ data: create }, { wrapper_key: "merge(data, {Urgency: level})" }, "level=high");
    expect(event.signal).toMatchObject({ key: "gen-4", fields: { urgency: "high" } });
    expect(event.payload).toEqual({ level: "high", data: create });
  });

  it("keeps a number that JavaScript cannot hold, wherever the expression puts it", () => {
    const body = '{"alert":{"number":98765432109876543210},"event_type":"resolve"}';
    const options = { wrapper_key: "{event_type: event_type, Id: alert.number}" };
    expect(read(body, options).signal).toMatchObject({ action: "resolve", key: "98765432109876543210" });
  });

  it.each(["nothing", "Title", "list", "length(`1`)", "{a:@,b:@}|".repeat(40).slice(0, -1)])(
    "that finds no map (%s) leaves the whole payload, and the event says so",
    (wrapper_key) => {
      const event = read({ ...create, list: [1] }, { wrapper_key });
      expect(event.signal).toMatchObject({
        action: "create",
        key: "gen-4",
        note: expect.stringContaining("wrapper_key"),
      });
      const ignored = read({ Id: "gen-4", list: [1] }, { wrapper_key });
      expect(ignored.signal).toMatchObject({ action: "ignore", note: expect.stringContaining("wrapper_key") });
      const resolved = read({ event_type: "resolve", Id: "gen-4", list: [1] }, { wrapper_key });
      expect(resolved.signal).toMatchObject({ action: "resolve", note: expect.stringContaining("wrapper_key") });
    },
  );

  it("that is no expression is refused when it is saved, and does not stop what comes in", () => {
    expect(optionFaults("pagertree", { wrapper_key: "data[" })).toEqual({
      wrapper_key: expect.stringContaining("not a JMESPath expression"),
    });
    expect(optionFaults("pagertree", { wrapper_key: 4 })).toHaveProperty("wrapper_key");
    const body = new TextEncoder().encode(JSON.stringify(create));
    const request = { method: "POST", query: "", headers: {}, body, text: JSON.stringify(create), is_utf8: true };
    const integration = { id: "int_1", name: "Night watch", type: "pagertree" };
    const interpreter = SOURCES.pagertree.prepare({ wrapper_key: "data[" });
    expect(interpreter(request, { integration, eventIdAt: () => EVENT_ID })).toMatchObject({
      ok: true,
      value: [{ signal: { action: "create", key: "gen-4", note: expect.stringContaining("wrapper_key") } }],
    });
  });

  it("shows in the paths of what is wrong", () => {
    const sent = { options: { wrapper_key: "data.notice" } };
    const body = { data: { notice: { event_type: "create", tags: [[]] } } };
    expect(errorsOf("pagertree", body, sent).map(({ path }) => path)).toEqual([
      "data.notice.Title",
      "data.notice.tags[0]",
    ]);
  });
});

describe("dedup_keys", () => {
  it("beyond the first are other names of the alert", () => {
    const aliases = (dedup_keys: unknown) => {
      const { signal } = read({ ...create, dedup_keys }, {});
      return "aliases" in signal ? signal.aliases : undefined;
    };
    expect(aliases(["a", "b", "", null, 3, "b", "a"])).toEqual(["b", "3"]);
    expect(aliases(["a"])).toBeUndefined();
    expect(aliases("a")).toBeUndefined();
    expect(read({ event_type: "acknowledge", dedup_keys: ["a", "b"] }, {}).signal).toMatchObject({ aliases: ["b"] });
  });

  it("are refused beyond a hundred", () => {
    const dedup_keys = Array.from({ length: 101 }, (_, i) => i);
    expect(errorsOf("pagertree", { ...create, dedup_keys }).map(({ path }) => path)).toEqual(["dedup_keys"]);
  });

  it.each(["dedup_keys", "Tags"])("a long list of wrong %s does not lead to as many errors", (name) => {
    const wrong = (length: number) => errorsOf("pagertree", { ...create, [name]: Array.from({ length }, () => ({})) });
    expect(wrong(900).length).toBe(20);
    expect(wrong(100_000).length).toBeLessThanOrEqual(20);
  });
});

describe("title_template and description_template", () => {
  const bodies = {
    pagertree: create,
    retrace: { EventType: 1, AlertGroupId: 1, Name: "Disk" },
    backtrace: { universe: "u", project: "p", fingerprint: "f" },
    thousandeyes: { eventType: "ALERT_NOTIFICATION_TRIGGER", alert: { alertId: 1, ruleName: "Slow" } },
  } as const;
  const types = ["pagertree", "retrace", "backtrace", "thousandeyes"] as const;

  it.each(types)("%s: are filled in from the integration and the payload", (type) => {
    const options = {
      title_template: " {{ integration.name }} ({{ integration.id }}, {{ integration.type }}) ",
      description_template: "{% for field in data %}{{ field[0] }} {% endfor %}",
    };
    const { fields, note } = openingOf(type, bodies[type], { options });
    expect(fields.title).toBe(`Night watch (int_1, ${type})`);
    expect(fields.description).toBe(Object.keys(bodies[type]).join(" "));
    expect(note).toBeNull();
  });

  it.each(types)("%s: that give nothing fall back on the default, and the event says so", (type) => {
    const plain = openingOf(type, bodies[type]);
    for (const template of [
      "{{ data.none }}",
      "{% for i in (1..9999) %}{% for j in (1..9999) %} {% endfor %}{% endfor %}",
    ]) {
      const options = { title_template: template, description_template: template };
      const { fields, note } = openingOf(type, bodies[type], { options });
      expect(fields).toEqual(plain.fields);
      expect(note).toMatch(/title_template: .*description_template: /s);
    }
  });

  it.each(types)("%s: are refused when they are saved broken, as is what the version does not know", (type) => {
    expect(optionFaults(type, { title_template: "{{ data.x", description_template: "{% if %}" })).toEqual({
      title_template: expect.any(String),
      description_template: expect.any(String),
    });
    expect(optionFaults(type, { title_template: 4, expect_every_minutes: 5 })).toHaveProperty("title_template");
    for (const expect_every_minutes of [0, 1.5, 10_081, "5"]) {
      expect(optionFaults(type, { expect_every_minutes })).toHaveProperty("expect_every_minutes");
    }
    expect(optionFaults(type, { expect_every_minutes: 5 })).toEqual({});
    expect(optionFaults(type, { nonsense: 1 })).not.toEqual({});
    expect(SOURCES[type].options.parse({})).toMatchObject({ title_template: null, description_template: null });
  });

  it("see the whole payload, whatever the wrapper", () => {
    const options = { wrapper_key: "data", title_template: "{{ data.site }}: {{ data.data.what }}" };
    expect(opening({ site: "b", data: { event_type: "create", what: "fuel" } }, options).fields.title).toBe("b: fuel");
  });

  it("stand in for a Title that is missing, unless they give nothing", () => {
    const options = { title_template: "{{ data.what }}" };
    expect(opening({ event_type: "create", what: "Fuel low" }, options).fields.title).toBe("Fuel low");
    expect(errorsOf("pagertree", { event_type: "create" }, { options }).map(({ path }) => path)).toEqual(["Title"]);
  });

  it("cannot make an alert too large to keep", () => {
    const options = { title_template: `{% for i in (1..3000) %}${"x".repeat(50)}{% endfor %}` };
    const { fields, note } = opening(create, options);
    expect(fields.title.length).toBeLessThanOrEqual(16_000);
    expect(note).toMatch(/title/);
  });
});

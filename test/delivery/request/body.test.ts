import { env } from "cloudflare:workers";
import { contextOf } from "../../../src/context.ts";
import { describe, expect, it } from "vitest";
import type { Body } from "../../../src/delivery/request/rendered-body.ts";
import { bodyOf, renderBody } from "../../../src/delivery/request/body.ts";
import type { Payload } from "../../../src/model/destination.ts";
import type { Json } from "../../../src/model/json.ts";
import { KeysUnavailableError } from "../../../src/crypto/keys-unavailable.ts";
import { ringOf } from "../../support/key-ring.ts";
import { ALERT, eventOf } from "../presets/events.ts";

const URL_OF_TOOL = "https://tool.example.com/hook";
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function destinationWith(payload: Payload) {
  return { id: "dst_1", url: URL_OF_TOOL, transformation_id: null, payload };
}

function template(body: string, content_type = "application/json"): Payload {
  return { mode: "template", content_type, body };
}

async function render(payload: Payload, payloadText = '{"MonitorId":42}', alert: typeof ALERT | null = ALERT) {
  return await renderBody(payload, {}, URL_OF_TOOL, eventOf("alert.created", alert, payloadText));
}

async function textOf(payload: Payload, payloadText?: string): Promise<string> {
  const body = await render(payload, payloadText);
  if (!body.ok) throw new Error(body.error);
  return decoder.decode(body.value.bytes);
}

async function errorOf(payload: Payload, payloadText?: string): Promise<string> {
  const body = await render(payload, payloadText);
  return body.ok ? "" : body.error;
}

function parse(body: Body): Json {
  const value: Json = JSON.parse(decoder.decode(body.bytes));
  return value;
}

describe("a template", () => {
  it("sees the payload's fields at the top level, and the envelope", async () => {
    const body =
      '{"id": {{ MonitorId }}, "title": {{ data.alert.title | json }}, "type": "{{ type }}", "at": "{{ timestamp }}", "again": {{ data.event.payload.MonitorId }}}';
    expect(JSON.parse(await textOf(template(body)))).toEqual({
      id: 42,
      title: "Disk full",
      type: "alert.created",
      at: "2026-11-20T10:00:00.000Z",
      again: 42,
    });
  });

  it("sees the envelope's fields if names collide", async () => {
    const payload = '{"type":"theirs","timestamp":1,"data":{"alert":2},"other":"{{ type }}"}';
    const body = "{{ type }} {{ timestamp }} {{ data.alert.key }} {{ other }}";
    expect(await textOf(template(body, "text/plain"), payload)).toBe(
      "alert.created 2026-11-20T10:00:00.000Z disk-1 {{ type }}",
    );
  });

  it("sees only the envelope if the payload is not a map", async () => {
    for (const payload of ["[1,2]", "null", '"text"', "12345678901234567890"]) {
      expect(await textOf(template("[{{ MonitorId }}{{ length }}{{ 0 }}]{{ type }}", "text/plain"), payload)).toBe(
        "[0]alert.created",
      );
    }
  });

  it("keeps every digit of large numbers, as text and as JSON", async () => {
    const payload = '{"n":12345678901234567890,"o":{"m":[-98765432109876543210,1e400]},"s":5}';
    const body =
      '[{{ n }}, {{ n | json }}, {{ o | json }}, {{ s | json }}, {% if n > 5 %}1{% endif %}, "{{ n | append: "x" }}"]';
    expect(await textOf(template(body), payload)).toBe(
      '[12345678901234567890, 12345678901234567890, {"m":[-98765432109876543210,1e400]}, 5, 1, "12345678901234567890x"]',
    );
  });

  it("writes any value safely into JSON with the filter json", async () => {
    const payload = JSON.stringify({
      t: 'a "quote"\n\u2028</script>\\',
      m: { a: [1, null] },
      n: 1.5,
      b: false,
      s: "\ud800",
    });
    const body =
      '{"t":{{ t | json }},"m":{{ m | json }},"n":{{ n | json }},"b":{{ b | json }},"x":{{ missing | json }},"s":{{ s | json }}}';
    expect(JSON.parse(await textOf(template(body), payload))).toEqual({ ...JSON.parse(payload), x: null });
  });

  it("whose text is not JSON fails with the position, and quotes nothing of it", async () => {
    const payload = JSON.stringify({ Message: 'my "secret" word' });
    const error = await errorOf(template('{\n "text": "{{ Message }}"}'), payload);
    expect(error).toBe(
      "The rendered template is not JSON: it breaks at line 2, column 15 (position 16). Write values with the filter `json`.",
    );
    expect(await errorOf(template("{{ missing }}"))).toContain("it is empty");
    expect(await errorOf(template("{{ missing }}", "application/vnd.x+json; charset=utf-8"))).toContain("it is empty");
    expect(await textOf(template("{{ missing }}", "text/plain"))).toBe("");
  });

  it("that costs too much, renders too much or cannot be parsed fails and does not throw", async () => {
    const loops =
      "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}";
    expect(await errorOf(template(loops))).toContain("more work than a template may");
    const long = "{% for a in (1..1000) %}{{ t }}{% endfor %}";
    expect(await errorOf(template(long), JSON.stringify({ t: "x".repeat(1_000) }))).toContain("262144 characters");
    expect(await errorOf(template("{{ a | no_such_filter }}"))).toContain("no_such_filter");
    expect(await errorOf(template("{}"), "{broken")).toBe("The event's payload is not valid JSON.");
    expect(await errorOf({ mode: "preset", preset: "slack", options: {}, sealed_options: {} }, "{broken")).not.toBe("");
  });

  it("is found in the cache among very many", async () => {
    for (let n = 0; n < 450; n++) expect(await textOf(template(`[${n}, {{ MonitorId }}]`))).toBe(`[${n}, 42]`);
    expect(await textOf(template("[0, {{ MonitorId }}]"), '{"MonitorId":7}')).toBe("[0, 7]");
  });
});

describe("a preset", () => {
  it("is given its secret options, opened with the destination's id", async () => {
    const keys = ringOf(0);
    const key = "0123456789abcdef0123456789abcdef";
    const sealed_options = { routing_key: await keys.seal(key, "dst_1") };
    const destination = destinationWith({ mode: "preset", preset: "pagerduty", options: {}, sealed_options });
    const body = await bodyOf({ ...contextOf(env), keys }, destination, eventOf("alert.created"));
    expect(body.ok && parse(body.value)).toMatchObject({ routing_key: key, event_action: "trigger" });
  });

  it("whose secret was sealed for another row fails and names it", async () => {
    const keys = ringOf(0);
    for (const sealed of [await keys.seal("k", "dst_2"), "x"]) {
      const sealed_options = { routing_key: sealed };
      const destination = destinationWith({ mode: "preset", preset: "pagerduty", options: {}, sealed_options });
      const body = await bodyOf({ ...contextOf(env), keys }, destination, eventOf("alert.created"));
      expect(body).toMatchObject({ ok: false, error: expect.stringContaining("routing_key") });
    }
  });

  it("whose secret was sealed with a key that is not on record is a fault of the gateway", async () => {
    const sealed_options = { routing_key: await ringOf(1).seal("k", "dst_1") };
    const destination = destinationWith({ mode: "preset", preset: "pagerduty", options: {}, sealed_options });
    const body = await bodyOf({ ...contextOf(env), keys: ringOf(0) }, destination, eventOf("alert.created"));
    expect(body).toEqual({ ok: false, error: expect.any(KeysUnavailableError) });
  });
});

describe("the other modes", () => {
  it("give the envelope as JSON, and the bytes that arrived with their type", async () => {
    const envelope = await render({ mode: "envelope" });
    expect(envelope.ok && parse(envelope.value)).toMatchObject({ type: "alert.created", data: { alert: ALERT } });
    const event = eventOf("alert.created");
    const request = {
      ...event.content.request,
      headers: { "content-type": "image/x-odd" },
      body: new Uint8Array([255, 0, 10]).toBase64(),
      body_encoding: "base64",
    } as const;
    const original = await renderBody({ mode: "original" }, {}, "", {
      ...event,
      content: { ...event.content, request },
    });
    expect(original).toEqual({
      ok: true,
      value: { bytes: new Uint8Array([255, 0, 10]), content_type: "image/x-odd" },
    });
  });
});

import { describe, expect, test } from "vitest";
import { missingValues } from "../../src/delivery/request/needed-values.ts";
import { changesOf } from "../../src/delivery/request/own-request.ts";
import { templateBody } from "../../src/delivery/request/template-body.ts";
import { urlTemplateFault } from "../../src/delivery/request/url-template.ts";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import { UNSHARED } from "../../src/model/budget.ts";
import { type Captured, captureFrom } from "../../src/model/captured.ts";
import type { DestinationRequests } from "../../src/model/destination.ts";
import { type Deliverable, documentOf } from "../../src/model/envelope.ts";
import { type JsonObject, isJsonObject } from "../../src/model/json.ts";
import { type Block, blocksOf, textOf } from "./pages.ts";

// The recipes of docs/cookbook.md, through the code that deliveries and routes use.

const page = textOf("docs/cookbook.md");
const SAMPLE = JSON.parse(blocksOf(page)[0]?.text ?? "");

type Recipe = {
  readonly title: string;
  readonly of: "template" | "requests" | "filter";
  readonly blocks: readonly Block[];
};

function kindOf(part: string): Recipe["of"] {
  if (part.startsWith("Filters")) return "filter";
  return part.startsWith("Requests") ? "requests" : "template";
}

const recipes: readonly Recipe[] = page.split("\n## ").flatMap((part) =>
  part
    .split("\n### ")
    .slice(1)
    .map((text) => ({
      title: text.split("\n")[0] ?? "",
      of: kindOf(part),
      blocks: blocksOf(text),
    })),
);

/** The event of the page, with another payload and another alert if they are given. */
function eventWith({ payload, alert, ...facts }: Readonly<Record<string, unknown>> = {}): Deliverable {
  const { type, timestamp, data } = SAMPLE;
  const headers = "headers" in facts ? facts["headers"] : data.event.headers;
  const body = JSON.stringify(payload ?? data.event.payload);
  return {
    id: data.event.id,
    integration_id: data.event.integration_id,
    received_at: timestamp,
    type,
    alert:
      payload !== undefined && alert === undefined ? null : { ...data.alert, ...(isJsonObject(alert) ? alert : {}) },
    content: {
      kind: data.event.kind,
      ...(facts["test"] === true ? { test: true } : {}),
      request: { method: "POST", query: "", headers: isHeaders(headers) ? headers : {}, body, body_encoding: "utf8" },
      signal: { action: "receive", note: null },
    },
  };
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === "string");
}

function render(template: string, contentType: string, event: Deliverable, captured: Captured | null = null): string {
  const payload = { mode: "template", content_type: contentType, body: template } as const;
  const body = templateBody(payload, event, UNSHARED, captured);
  if (!body.ok) throw new Error(body.error);
  return new TextDecoder().decode(body.value.bytes);
}

describe("a template of the cookbook", () => {
  test.each(recipes.filter(({ of }) => of === "template"))("$title", ({ blocks }) => {
    const [template, ...rest] = blocks;
    const [result, payload] = rest.toReversed();
    const event = eventWith(payload === undefined ? {} : { payload: JSON.parse(payload.text) });
    const isJson = result?.language === "json";
    const rendered = render(template?.text ?? "", isJson ? "application/json" : "text/plain", event);
    const wanted = result?.text ?? "";
    if (isJson) expect(JSON.parse(rendered)).toEqual(JSON.parse(wanted));
    else expect(rendered.trim()).toBe(wanted.trim());
  });
});

describe("requests of the cookbook", () => {
  test.each(recipes.filter(({ of }) => of === "requests"))("$title", ({ blocks }) => {
    const [given, response, sent] = blocks.map(({ text }) => text);
    const requests: DestinationRequests = JSON.parse(given ?? "");
    const captured = captureFrom(response ?? "", requests["alert.created"]?.capture ?? {});
    const lines: string[] = [];
    for (const type of ["alert.created", "alert.updated", "alert.resolved"] as const) {
      const request = requests[type] ?? {};
      const kept = type === "alert.created" ? {} : captured;
      expect(urlTemplateFault(request.url ?? "")).toBeNull();
      expect(missingValues([request.url, request.body], kept)).toEqual([]);
      const event = { ...eventWith(), type };
      const made = changesOf(request, event, kept, UNSHARED);
      if (!made.ok) throw new Error(made.error);
      lines.push(
        `${made.value.method ?? "POST"} ${made.value.url}`,
        render(request.body ?? "", "application/json", event, kept),
      );
    }
    expect(lines).toEqual((sent ?? "").trim().split("\n"));
  });
});

const PAYLOAD: JsonObject = SAMPLE.data.event.payload;
const alert = (changes: object) => ({ payload: PAYLOAD, alert: changes });
const payload = (changes: object) => ({ payload: { ...PAYLOAD, ...changes }, alert: {} });
const items = (...list: object[]) => ({ payload: { items: list } });

/** What each filter takes and what it leaves. */
const CASES: Readonly<Record<string, { readonly takes: object; readonly leaves: object }>> = {
  "Urgent alerts": { takes: {}, leaves: alert({ urgency: "low" }) },
  "Production only": { takes: {}, leaves: payload({ env: "preprod" }) },
  "Everything but one environment": { takes: { payload: { a: 1 } }, leaves: payload({ env: "staging" }) },
  "Alerts with a tag": { takes: {}, leaves: alert({ tags: ["prod"] }) },
  "Alerts with all of several tags": { takes: {}, leaves: alert({ tags: ["database"] }) },
  "A threshold": { takes: {}, leaves: payload({ value: 94.9 }) },
  "One of several teams, but nothing with low urgency": { takes: {}, leaves: alert({ urgency: "low" }) },
  "A word in the title, in any case": { takes: {}, leaves: alert({ title: "Latency" }) },
  "Events that have a field": { takes: {}, leaves: { payload: { a: 1 } } },
  "Without the test buttons of tools": { takes: {}, leaves: { test: true } },
  "One kind of event by a header": { takes: { headers: { "x-github-event": "issues" } }, leaves: {} },
  "Orders with an expensive item that is in stock": {
    takes: items({ price: 5, in_stock: false }, { price: 120, in_stock: true }),
    leaves: items({ price: 120, in_stock: false }, { price: 5, in_stock: true }),
  },
};

describe("a filter of the cookbook", () => {
  test.each(recipes.filter(({ of }) => of === "filter"))("$title", ({ title, blocks }) => {
    const filter = parseFilter(JSON.parse(blocks[0]?.text ?? ""));
    if (!filter.ok) throw new Error(JSON.stringify(filter.error));
    const takes = (facts: object) => matches(filter.value, documentOf(eventWith({ ...facts })));
    const { takes: taken, leaves } = CASES[title] ?? { takes: { payload: {} }, leaves: {} };
    expect([takes(taken), takes(leaves)]).toEqual([true, false]);
  });
});

test("the cookbook has thirty recipes", () => {
  expect(recipes.length).toBeGreaterThanOrEqual(30);
});

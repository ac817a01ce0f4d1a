import { describe, expect, it } from "vitest";
import type { WholeEvent } from "../../src/client/index.ts";
import { curlCommand } from "../../src/dashboard/events/curl.ts";
import { eventTitle } from "../../src/dashboard/events/event-title.ts";
import { matchOf, withView } from "../../src/dashboard/routes/draft.ts";
import { fieldsOf, knownFields } from "../../src/dashboard/routes/filter/event-document.ts";
import { readJson } from "../../src/dashboard/routes/filter/json-lines.ts";
import { EMPTY_CONDITION, readMatch, withCondition, writeMatch } from "../../src/dashboard/routes/filter/match-tree.ts";
import { isScalar } from "../../src/dashboard/routes/filter/operators.ts";
import { matchText } from "../../src/dashboard/routes/match-text.ts";
import { changedFields } from "../../src/dashboard/settings/changed-fields.ts";
import { fieldText, readDocument } from "../../src/dashboard/settings/config-document.ts";
import { type JsonObject, isJsonObject } from "../../src/model/json.ts";
import { parseJson, writeJson } from "../../src/model/portable-json.ts";

const NUMBERS = ["9007199254740993", "-9007199254740993", "1e400", "12345678901234567890123456789"];

function filterOf(text: string): JsonObject {
  const read = readJson(text);
  if (!read.ok || !isJsonObject(read.value)) throw new Error(JSON.stringify(read));
  return read.value;
}

describe.each(NUMBERS)("in the dashboard, the number %s", (number) => {
  const payload = parseJson<WholeEvent["payload"]>(`{"order":${number},"orders":[${number},${number}],"n":1}`);

  it("has all digits in an event's name and in the command that sends it again", () => {
    expect(eventTitle({ title: null, type: "event.received", payload })).toBe(`order: ${number}, n: 1`);
    expect(curlCommand("https://gate.example.net/x", { payload, headers: {} })).toContain(
      `--data-raw '{"order":${number},"orders":[${number},${number}],"n":1}'`,
    );
  });

  it("is a field once, however often it occurs, and becomes a condition with all digits", () => {
    const document = parseJson<JsonObject>(`{"data":{"order":${number},"orders":[${number},${number}]}}`);
    const fields = fieldsOf(document);
    expect(fields.map(({ path, value }) => `${path} ${writeJson(value)}`)).toEqual([
      `data.order ${number}`,
      `data.orders ${number}`,
    ]);
    const [known] = knownFields([document, parseJson<JsonObject>(`{"data":{"order":${number}}}`)]);
    expect(writeJson(known)).toBe(`{"path":"data.order","values":[${number}]}`);
    const value = fields[0]?.value ?? null;
    if (!isScalar(value)) throw new Error("The value is no scalar.");
    const condition = { ...EMPTY_CONDITION, path: "data.order", test: { ...EMPTY_CONDITION.test, value } };
    expect(writeJson(writeMatch(withCondition(readMatch(null), condition)))).toBe(`{"data.order":${number}}`);
  });

  it.each([
    [`{"data.order":${number}}`, `data.order is ${number}`],
    [`{"data.order":{"$in":[1,${number}]}}`, `data.order is one of 1, ${number}`],
    [`{"data.order":{"$gt":${number}}}`, `data.order is greater than ${number}`],
    [`{"data.orders":{"$all":[${number}]}}`, `{"data.orders":{"$all":[${number}]}}`],
  ])("has all digits in the filter %s, in both views and in words", (text, words) => {
    const match = filterOf(text);
    expect(writeJson(writeMatch(readMatch(match)))).toBe(text);
    const json = withView({ view: "builder", tree: readMatch(match), match }, "json");
    const back = matchOf(withView(json, "builder"));
    expect(back.ok ? writeJson(back.match) : back).toBe(text);
    expect(`data.${matchText(match).replace(/^data\./, "")}`.replace("data.{", "{")).toBe(words);
  });

  it("has all digits in the trail of changes and in the plan of a file", () => {
    const after = filterOf(`{"match":{"data.order":${number}}}`);
    expect(changedFields({ before: null, after })).toEqual([
      { name: "match", before: null, after: `{"data.order":${number}}` },
    ]);
    const documents = [
      `version: 1\nroutes:\n  a:\n    destinations: [b]\n    match: { data.order: ${number} }\n`,
      `{"version":1,"routes":{"a":{"destinations":["b"],"match":{"data.order":${number}}}}}`,
    ];
    for (const text of documents) {
      const document = readDocument(text);
      expect(fieldText(document, "route", "a", "match")).toBe(`{"data.order":${number}}`);
    }
  });
});

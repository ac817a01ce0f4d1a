import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { EventContent } from "../../../src/model/event.ts";
import { alertIdOf, createIdMinter } from "../../../src/model/ids.ts";
import { needleOf } from "../../../src/model/text-match.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { listAlerts } from "../../../src/storage/alerts/alerts.ts";
import { listEvents } from "../../../src/storage/events/log.ts";
import { client, faultsOf, request } from "../../support/api.ts";
import { unwrap } from "../../../src/client/index.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";
import { AT, contentOf, storeAlert, storeEvent, storeLargeEvent } from "../../api/records.ts";
import { PLENTY, follow } from "./follow.ts";

let ms = Date.parse(AT);
const mint = createIdMinter(
  () => (ms += 10),
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

function withBody(body: string): EventContent {
  const content = contentOf({});
  return { ...content, request: { ...content.request, body } };
}

async function found(q: string): Promise<string[]> {
  return (await Array.fromAsync(client.events.all({ q, limit: 3 }))).map(({ id }) => id);
}

describe("a text that events contain", () => {
  it("is found in the payload, the title and the key, in any case and however the sender escaped it", async () => {
    const plain = await storeEvent(
      { id: mint("evt").id },
      contentOf({ host: "DB-7.example.com", n: { deep: ["Straße"] } }),
    );
    const escaped = await storeEvent(
      { id: mint("evt").id },
      withBody('{"url":"https:\\/\\/db-7\\u002f\\u00c9t\\u00e9","q":"a \\"b\\" \\\\ c"}'),
    );
    const derived = await storeEvent({ id: mint("evt").id }, { ...withBody("<x/>"), payload: { tag: "été" } });
    const large = await storeLargeEvent({ Id: "large", text: `${"x".repeat(200_000)} été DB-7` });
    const alert = { id: "alr_1", key: "Disk/9", status: "open", title: "ÉTÉ is hot", description: "not searched" };
    const { id: alerting } = mint("evt");
    await tables.events.insert({ id: alerting, integration_id: "int_1", content: contentOf({}), alert });
    const byText = async (q: string) => (await found(q)).toSorted();
    const ids = (...expected: string[]) => expected.toSorted();
    expect(await byText("db-7")).toEqual(ids(plain, escaped, large));
    expect(await byText("Db-7.EXAMPLE")).toEqual(ids(plain));
    expect(await byText("éTé")).toEqual(ids(escaped, derived, large, alerting));
    expect(await byText("e\u0301te\u0301 db")).toEqual(ids(large));
    expect(await byText("https://db-7/é")).toEqual(ids(escaped));
    expect(await byText('a "b" \\ C')).toEqual(ids(escaped));
    expect(await byText('"host":"db-7.example.com"')).toEqual(ids(plain));
    expect(await byText("STRASSE")).toEqual([]);
    expect(await byText("straßE")).toEqual(ids(plain));
    expect(await byText("disk/9")).toEqual(ids(alerting));
    expect(await byText(" is HOT ")).toEqual(ids(alerting));
    for (const elsewhere of ["content-type", "redacted", "not searched", "POST", "utf8", "%", "_ _"]) {
      expect(await byText(elsewhere), elsewhere).toEqual([]);
    }
    await client.events.erase(derived);
    expect(await byText("été")).toEqual(ids(escaped, large, alerting));
  });

  it("must be a text of at most 200 characters", async () => {
    expect(faultsOf(await client.events.list({ q: "" }))).toEqual(["q"]);
    expect(faultsOf(await client.alerts.list({ q: " " }))).toEqual(["q"]);
    expect(faultsOf(await client.events.list({ q: "x".repeat(201) }))).toEqual(["q"]);
    for (const q of ["'", "\u0000", "\\", '"', "\\u", "[", "\u{1f525}", "$.a"]) {
      expect(unwrap(await client.events.list({ q })).data).toEqual([]);
    }
  });

  it("is searched in a bounded number of bytes and of bodies in R2 a page, and found in the end", async () => {
    const old = await storeEvent({ id: mint("evt").id }, contentOf({ word: "needle" }));
    for (let i = 0; i < 12; i++) await storeLargeEvent({ text: "x".repeat(150_000) });
    for (let i = 0; i < 10; i++) await storeEvent({}, contentOf({ text: "ä needl ".repeat(100_000) }));
    let cursor: string | null = null;
    let pages = 0;
    const ids: string[] = [];
    do {
      const meter = emptyMeter();
      const path: string = `/events?q=needle${cursor === null ? "" : `&cursor=${cursor}`}`;
      const reply = await request(path, {}, { DB: meteredDatabase(meter) });
      expect(meter.largest).toBeLessThan(4_000_000);
      const page = JSON.parse(reply.text);
      ids.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
      pages += 1;
    } while (cursor !== null);
    expect(ids).toEqual([old]);
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThan(12);
  });
});

it("a text that alerts contain is found in the title, the description and the key", async () => {
  await storeAlert("alr_1", "open");
  await tables.alerts.edit<object>({ id: "alr_1" }, "fields", (fields) => ({
    ...fields,
    title: "Größe",
    description: "Line\nTwo",
  }));
  await storeAlert("alr_2", "resolved");
  const byText = async (q: string) => unwrap(await client.alerts.list({ q })).data.map(({ id }) => id);
  expect(await byText("GRÖSSE")).toEqual([]);
  expect(await byText("grÖße")).toEqual(["alr_1"]);
  expect(await byText("line\ntwo")).toEqual(["alr_1"]);
  expect(await byText("K")).toEqual(["alr_2", "alr_1"]);
  expect(await byText("shard")).toEqual([]);
});

const WORDS = ["disk", "Ä", "ß", "\\", '"', "/", "\u0001", "<", "é", "e\u0301", " ", "k"];
const phrase = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
const folded = (text: string): string => text.normalize("NFC").toLowerCase();

it("events and alerts: all pages together show what contains the text", async () => {
  const drawing = fc.record({
    texts: fc.array(phrase, { maxLength: 20 }),
    q: phrase.filter((text) => text.trim() !== ""),
    limit: fc.integer({ min: 1, max: 4 }),
    most: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(PLENTY)),
  });
  await fc.assert(
    fc.asyncProperty(drawing, async ({ texts, q, limit, most }) => {
      await tables.events.delete();
      await tables.alerts.delete();
      const rows = texts.map((text) => ({ id: mint("evt").id, text }));
      const event = { integration_id: "int_1" };
      await tables.events.insert(...rows.map(({ id, text }) => ({ ...event, id, content: contentOf({ 0: text }) })));
      const alert = { integration_id: "int_1", status: "open", key: "0" };
      await tables.alerts.insert(
        ...rows.map(({ id, text }) => ({ ...alert, id: alertIdOf(id), fields: { title: text, description: "" } })),
      );
      const needle = needleOf(q);
      const wanted = folded(q.trim());
      const holding = rows.filter(({ text }) => folded(text).includes(wanted)).map(({ id }) => id);
      const inAlerts = holding.map(alertIdOf).toReversed();
      const shownAlerts = await follow({ limit, most }, inAlerts, (page) =>
        listAlerts(asShard(env.DB), page, { text: needle }, most),
      );
      expect(shownAlerts).toEqual(inAlerts);
      // The payload's JSON and the key of the signal contain more than the text.
      const inEvents = rows.filter(({ text }) => {
        const json = folded(JSON.stringify({ 0: text }));
        return (
          json.includes(wanted) ||
          folded(text).includes(wanted) ||
          wanted === "k" ||
          `{"0":"${folded(text)}"}`.includes(wanted)
        );
      });
      const expected = inEvents.map(({ id }) => id).toReversed();
      const shown = await follow({ limit, most }, expected, (page) =>
        listEvents(contextOf(env), page, { text: needle }, most),
      );
      expect(shown).toEqual(expected);
    }),
    { numRuns: runs(120) },
  );
});

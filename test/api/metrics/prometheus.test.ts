import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { expositionOf } from "../../../src/api/metrics/exposition.ts";
import { unwrap } from "../../../src/client/index.ts";
import { forgetContext } from "../../../src/context.ts";
import worker from "../../../src/index.ts";
import { ORIGIN, client } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";

const NAMES = {
  hookgate_events_accepted_total: ["integration"],
  hookgate_deliveries_total: ["destination", "status"],
  hookgate_attempts_total: ["destination", "code_class"],
  hookgate_pending: [],
  hookgate_oldest_pending_seconds: [],
  hookgate_outbox: [],
  hookgate_dead_letters: [],
  hookgate_missing: [],
  hookgate_balanced: [],
} as const;

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted(DESTINATION);
});

async function scrape(token: string | null = env.ADMIN_TOKEN, method = "GET"): Promise<Response> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  // Another isolate: the gauges are not kept.
  return await worker.fetch(
    new Request(`${ORIGIN}/metrics`, { method, headers }),
    { ...env },
    createExecutionContext(),
  );
}

type Parsed = { readonly name: string; readonly labels: Record<string, string>; readonly value: number };

/** Parses the text format, and throws for anything that it does not allow. */
function parse(text: string): { readonly types: Map<string, string>; readonly samples: readonly Parsed[] } {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const samples: Parsed[] = [];
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const help = /^# HELP ([a-zA-Z_:][\w:]*) \S.*$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge)$/.exec(line);
    const sample = /^([a-zA-Z_:][\w:]*)(\{(.*)\})? (-?\d+(?:\.\d+)?)$/.exec(line);
    if (help?.[1] !== undefined) {
      if (helped.has(help[1])) throw new Error(`Two helps: ${line}`);
      helped.add(help[1]);
    } else if (type?.[1] !== undefined) {
      if (types.has(type[1])) throw new Error(`Two types: ${line}`);
      types.set(type[1], type[2] ?? "");
    } else if (sample?.[1] !== undefined) {
      const labels: Record<string, string> = {};
      const rest = (sample[3] ?? "").replace(
        /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/g,
        (_all, name: string, value: string) => {
          labels[name] = value;
          return "";
        },
      );
      const key = line.slice(0, line.lastIndexOf(" "));
      if (rest !== "" || seen.has(key) || [...types.keys()].at(-1) !== sample[1])
        throw new Error(`Not a sample: ${line}`);
      seen.add(key);
      samples.push({ name: sample[1], labels, value: Number(sample[4]) });
    } else throw new Error(`Not a line: ${line}`);
  }
  for (const name of types.keys()) if (!helped.has(name)) throw new Error(`No help: ${name}`);
  return { types, samples };
}

async function read() {
  const response = await scrape();
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parse(await response.text());
}

describe("the metrics for Prometheus", () => {
  it("have the names, types and labels that dashboards are written against", async () => {
    await processBatch(world.context, [eventMessage("create", "a")]);
    const { types, samples } = await read();
    expect([...types.keys()].toSorted()).toEqual(Object.keys(NAMES).toSorted());
    for (const [name, labels] of Object.entries(NAMES)) {
      expect(types.get(name)).toBe(name.endsWith("_total") ? "counter" : "gauge");
      const own = samples.filter((sample) => sample.name === name);
      expect(own.length).toBeGreaterThan(0);
      for (const sample of own) expect(Object.keys(sample.labels)).toEqual([...labels]);
    }
    expect(samples.map(({ name, labels, value }) => [name, ...Object.values(labels), value].join(" "))).toEqual([
      "hookgate_events_accepted_total int_test 1",
      `hookgate_deliveries_total ${DESTINATION} delivered 1`,
      `hookgate_attempts_total ${DESTINATION} 2xx 1`,
      "hookgate_pending 0",
      "hookgate_oldest_pending_seconds 0",
      "hookgate_outbox 0",
      "hookgate_dead_letters 0",
      "hookgate_missing 0",
      "hookgate_balanced 1",
    ]);
  });

  it("count up only, also after maintenance and after their events were deleted", async () => {
    const counters = async () => {
      const { samples } = await read();
      return samples.filter(({ name }) => name.endsWith("_total")).map(({ value }) => value);
    };
    await processBatch(world.context, [eventMessage("create", "a")]);
    expect(await counters()).toEqual([1, 1, 1]);
    world.pass(120_000);
    await maintain(world.context, "* * * * *", world.context.clock());
    expect(await counters()).toEqual([1, 1, 1]);
    await tables.events.delete();
    await tables.rollups.delete();
    expect(await counters()).toEqual([1, 1, 1]);
  });

  it("tell what waits", async () => {
    fakeOutside(() => new Response("", { status: 503 }));
    await processBatch(world.context, [eventMessage("create", "a")]);
    await tables.dead_letters.insert({ id: "letter" });
    await tables.outbox.insert({ id: "evt_0000000000000000000000000000" });
    forgetContext();
    const { samples } = await read();
    const value = (name: string) => samples.find((sample) => sample.name === name)?.value;
    expect(value("hookgate_pending")).toBe(1);
    expect(value("hookgate_dead_letters")).toBe(1);
    expect(value("hookgate_outbox")).toBe(1);
    expect(value("hookgate_oldest_pending_seconds")).toBeGreaterThan(1_000_000);
  });

  it("need a token", async () => {
    expect((await scrape(null)).status).toBe(401);
    expect((await scrape("wrong")).status).toBe(401);
    const { token } = unwrap(await client.tokens.create({ name: "Prometheus", scopes: ["read"] }));
    expect((await scrape(token)).status).toBe(200);
    expect((await scrape(env.ADMIN_TOKEN, "POST")).status).toBe(405);
    expect((await scrape(env.ADMIN_TOKEN, "HEAD")).status).toBe(200);
  });

  it("escape what stands in labels", () => {
    const value = 'a "quoted" \\ text\nof two lines';
    const text = expositionOf([
      { name: "x_total", type: "counter", help: "Help.", samples: [{ labels: { id: value }, value: 1 }] },
    ]);
    expect(text).toContain(String.raw`x_total{id="a \"quoted\" \\ text\nof two lines"} 1`);
    expect(parse(text).samples).toHaveLength(1);
  });
});

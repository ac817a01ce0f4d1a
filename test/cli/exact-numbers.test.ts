import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { standUp } from "./listening.ts";
import { Running, commandsOf, run, temporary } from "./run.ts";

// Whole numbers with more digits than a double, in whatever a command reads, shows, sends and writes.

const N = "9007199254740993";
const NEXT = "9007199254740995";
const NUMBERS = [
  N,
  "-9007199254740993",
  "1e400",
  "0.1000000000000000055",
  "12345678901234567890123456789",
  "1.0",
  "-0",
];
/** What the gateway itself shows: whole numbers with all digits, others as the nearest double. */
const SHOWN = [N, "-9007199254740993", "1e400", "0.1", "12345678901234567890123456789", "1", "0"];

/** As in Node 20, which has no `JSON.rawJSON` and gives no source text to revivers. */
const FORGET = [
  "const { parse } = JSON;",
  "delete JSON.rawJSON;",
  "JSON.parse = (text, revive) => parse(text, revive === undefined ? undefined : (name, value) => revive(name, value));",
].join("");
const NODES = [
  ["Node of today", {}],
  ["Node without JSON.rawJSON", { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(FORGET)}` }],
] as const;

function without(text: string): string {
  return text.replaceAll(/\s/g, "");
}

describe.each(NODES)("%s", (_name, node) => {
  test("shows, forwards, filters and writes whole numbers with all digits", async () => {
    const { gateway, receiver, integration, env: base } = await standUp();
    const env = { ...base, ...node };
    const { hookgate } = commandsOf(gateway.url, gateway.adminToken);
    const text = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await hookgate(args, "", node);
      expect(code, stderr).toBe(0);
      return stdout;
    };

    const polling = new Running(["listen", "Orders", "--forward-to", receiver.url, "--poll", "--print"], env);
    await polling.hasWritten("Reading new events");
    const members = NUMBERS.map((number, index) => `"n${index}":${number}`).join(",");
    const shown = SHOWN.map((number, index) => `"n${index}":${number}`).join(",");
    const { body } = await gateway.send(integration, `{"order":${N},${members}}`);
    await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
    expect(receiver.arrivals[0]?.body).toContain(`"payload":{"order":${N},${shown}}`);
    await polling.hasWritten(`"order": ${N}`);
    polling.child.kill("SIGINT");
    await polling.ended();

    expect(await text("events", "list", "--json")).toContain(`"summary": "order: ${N}, n0: ${N}, n1: -${N}"`);
    const payload = `"payload":{"order":${N},${shown}}`;
    expect(without(await text("events", "get", body.id, "--json"))).toContain(payload);
    expect(without(await text("events", "get", body.id))).toContain(payload.replace('"payload":', "payload"));

    await gateway.create("destinations", { name: "Books", type: "webhook", url: receiver.url });
    const match = `{"data.event.payload.order":${NEXT}}`;
    const made = await text(
      "routes",
      "create",
      "--name",
      "Other",
      "--destination",
      "Books",
      "--match",
      match,
      "--json",
    );
    expect(without(made)).toContain(`"match":${match}`);
    expect(await text("events", "explain", body.id)).toContain(`${NEXT}, but it is ${N}`);
    const folder = temporary();
    const file = join(folder, "route.yaml");
    writeFileSync(file, `name: Exact\ndestination_ids: [Books]\nmatch: { data.event.payload.order: ${N} }\n`);
    await text("routes", "create", "-f", file);
    expect(await text("routes", "get", "Exact")).toMatch(new RegExp(`data\\.event\\.payload\\.order +${N}`));
    const set = `match={"data.event.payload.order":{"$in":[${N},1]}}`;
    await text("routes", "update", "Exact", "--set", set);
    expect(await text("routes", "get", "Exact")).toContain(`${N}, 1`);

    for (const name of ["hookgate.yaml", "hookgate.json"]) {
      const config = join(folder, name);
      await text("config", "pull", "-f", config);
      const written = readFileSync(config, "utf8");
      expect(written).toContain(N);
      expect(await text("config", "diff", "-f", config)).toContain("No differences.");
      writeFileSync(config, written.replaceAll(N, "9007199254740994"));
      const { code, stdout } = await hookgate(["config", "diff", "-f", config], "", node);
      expect(code, stdout).toBe(2);
      expect(stdout).toContain(`${N},1`);
      expect(stdout).toContain("9007199254740994,1");
    }
  });

  test("imports filters with all digits", async () => {
    const source = { name: "shop", config: {} };
    const destination = { name: "books", config: { url: "https://books.example.com/in" } };
    const rules = [{ type: "filter", body: { order: 0, refund: { $gt: 1 }, text: NEXT } }];
    const saved = JSON.stringify([{ name: "orders", source, destination, rules }])
      .replace('"order":0', `"order":${N}`)
      .replace('"$gt":1', `"$gt":-${N}`);
    const { code, stdout, stderr } = await run(["import", "hookdeck", "--json"], { input: saved, env: node });
    expect(code, stderr).toBe(0);
    const document = without(stdout);
    expect(document).toContain(`"data.event.payload.order":{"$in":[${N},"${N}"]}`);
    expect(document).toContain(`"data.event.payload.refund":{"$gt":-${N}}`);
    expect(document).toContain(`"data.event.payload.text":{"$in":["${NEXT}",${NEXT}]}`);
  });
});

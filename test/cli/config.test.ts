import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planLines } from "../../src/cli/config/plan.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { HOSTILE, Running, run, temporary } from "./run.ts";
import { type Request, TOKEN, problem, standIn } from "./stand-in.ts";

// `config` against a stand-in that has the contract's `/config`.

const CONFIG = {
  version: 1,
  integrations: { Orders: { type: "catch" } },
  destinations: { Slack: { url: "https://old.example", auth: { type: "bearer", token: { env: "SLACK_TOKEN" } } } },
  routes: {},
};
const CHANGES = [
  { action: "update", kind: "destination", name: "Slack", fields: ["auth", "timeout_ms", "url"] },
  { action: "create", kind: "route", name: "All", fields: [] },
  { action: "delete", kind: "integration", name: "Orders", fields: [] },
];

const ORDERS = { id: "int_1", name: "Orders", external_id: null, managed_by: null };
const GENERATED = { SIGNING: "whsec_made" };

async function gateway(
  answer: (request: Request) => { changes: unknown[]; secrets?: object } | ReturnType<typeof problem>,
) {
  return await standIn((request) => {
    if (request.path === "/integrations") return { body: { data: [ORDERS], next_cursor: null } };
    if (request.method === "GET") return { body: CONFIG, headers: { etag: '"7"' } };
    const answered = answer(request);
    return "changes" in answered ? { body: answered } : answered;
  });
}

const FILE = `version: 1
destinations:
  Slack:
    url: https://new.example
    timeout_ms: 5000
    auth: { type: bearer, token: { env: OTHER_NAME } }
routes:
  All: { destinations: [Slack] }
`;

function fileWith(text: string, name = "hookgate.yaml"): string {
  const file = join(temporary(), name);
  writeFileSync(file, text);
  return file;
}

test("pull prints YAML, and writes a file that it replaces only if it is a configuration", async () => {
  const { text, json, hookgate } = await gateway(() => ({ changes: [] }));
  expect(parse(await text(["config", "pull"]))).toEqual(CONFIG);
  expect(await json(["config", "pull"])).toEqual(CONFIG);
  const file = join(temporary(), "hookgate.yaml");
  expect(await text(["config", "pull", file])).toContain("Wrote");
  expect(parse(readFileSync(file, "utf8"))).toEqual(CONFIG);
  expect(await text(["config", "pull", "-f", file])).toContain("up to date");
  const other = fileWith("something: else\n");
  const refused = await hookgate(["config", "pull", other]);
  expect([refused.code, readFileSync(other, "utf8")]).toEqual([1, "something: else\n"]);
  await text(["config", "pull", other, "--yes"]);
  const inJson = join(temporary(), "hookgate.json");
  await text(["config", "pull", inJson]);
  expect(JSON.parse(readFileSync(inJson, "utf8"))).toEqual(CONFIG);
});

test("diff shows the values of both sides and exits with 2, or with 0 without differences", async () => {
  let changes: unknown[] = CHANGES;
  const { hookgate, requests } = await gateway(() => ({ changes }));
  const args = ["config", "diff", "-f", fileWith(FILE), "--prune"];
  const { code, stdout } = await hookgate(args, "", { OTHER_NAME: "the-secret" });
  expect(code).toBe(2);
  const fields = [
    "auth: another secret",
    "timeout_ms: the default → 5000",
    'url: "https://old.example" → "https://new.example"',
  ];
  expect(stdout).toContain(`~ destinations "Slack"\n${fields.map((line) => `    ${line}\n`).join("")}`);
  expect(stdout).toContain('+ routes "All"\n    destinations: ["Slack"]');
  expect(stdout).toContain('- integrations "Orders" (made by hand, not by a file)\n');
  expect(stdout).toContain("1 to create, 1 to change, 1 to delete.");
  expect(stdout).not.toContain("the-secret");
  expect(requests.find(({ method }) => method === "PUT")).toMatchObject({
    path: "/config",
    query: { dry_run: "true", prune: "true" },
    body: { version: 1, secrets: { OTHER_NAME: "the-secret" } },
  });
  const asJson = await hookgate([...args, "--json"]);
  expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([2, { changes }]);
  changes = [];
  expect(await hookgate(args)).toMatchObject({ code: 0, stdout: "No differences.\n" });
});

test("apply needs a yes, and applies only what was shown", async () => {
  const { hookgate, json, requests } = await gateway(({ query }) =>
    query["dry_run"] === "true" ? { changes: CHANGES } : { changes: CHANGES, secrets: GENERATED },
  );
  const args = ["config", "apply", "-f", fileWith(FILE)];
  const unasked = await hookgate(args);
  expect([unasked.code, unasked.stderr]).toEqual([64, expect.stringContaining("--yes")]);
  expect(unasked.stderr).toContain("Not set in the environment: OTHER_NAME");
  expect(requests.filter(({ query, method }) => method === "PUT" && query["dry_run"] === undefined)).toEqual([]);
  const applied = await hookgate([...args, "--yes"]);
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringMatching(/^Applied 3 changes\./)]);
  expect(applied.stdout).toContain("SIGNING  whsec_made");
  expect(await json([...args, "--yes"])).toEqual({ changes: CHANGES, secrets: GENERATED });
  const last = requests.at(-1);
  expect(last).toMatchObject({ method: "PUT", query: {}, body: { routes: { All: { destinations: ["Slack"] } } } });
  expect(last?.headers["if-match"]).toBe('"7"');
});

test("a change in between is reported", async () => {
  const { hookgate } = await gateway(({ query }) =>
    query["dry_run"] === undefined
      ? problem(409, "The configuration has changed since.", {
          code: "config_conflict",
          detail: "Nothing was applied.",
        })
      : { changes: CHANGES },
  );
  const { code, stderr } = await hookgate(["config", "apply", "-f", fileWith(FILE), "--yes"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("The configuration has changed since. Nothing was applied."),
  ]);
});

test("an apply that is interrupted while it asks for the plan changes nothing", async () => {
  const waiting = Promise.withResolvers<{ body: unknown }>();
  const { env, requests } = await standIn(() => waiting.promise);
  const apply = new Running(["config", "apply", "-f", fileWith(FILE), "--yes"], env);
  await expect.poll(() => requests.length, { timeout: 120_000 }).toBe(1);
  apply.child.kill("SIGINT");
  const { code, stderr } = await apply.ended();
  waiting.resolve({ body: CONFIG });
  expect([code, stderr]).toEqual([1, "error: Interrupted. Nothing was changed.\n"]);
  expect(requests).toHaveLength(1);
});

test.each(["GET", "PUT"])("a comparison that is interrupted during its %s changes nothing", async (during) => {
  const waiting = Promise.withResolvers<{ body: unknown }>();
  const { env, requests } = await standIn(async ({ method }) =>
    method === during ? await waiting.promise : { body: CONFIG },
  );
  const diff = new Running(["config", "diff", "-f", fileWith(FILE)], env);
  await expect.poll(() => requests.at(-1)?.method, { timeout: 120_000 }).toBe(during);
  diff.child.kill("SIGINT");
  const { code, stdout, stderr } = await diff.ended();
  waiting.resolve({ body: CONFIG });
  expect([code, stdout, stderr]).toEqual([1, "", "error: Interrupted. Nothing was changed.\n"]);
});

test("a pull that is interrupted leaves the file as it was", async () => {
  const waiting = Promise.withResolvers<{ body: unknown }>();
  const { env, requests } = await standIn(() => waiting.promise);
  const file = fileWith(FILE);
  const pull = new Running(["config", "pull", file], env);
  await expect.poll(() => requests.length, { timeout: 120_000 }).toBe(1);
  pull.child.kill("SIGINT");
  const { code, stderr } = await pull.ended();
  waiting.resolve({ body: CONFIG });
  expect([code, stderr]).toEqual([1, `error: Interrupted. ${file} was not written.\n`]);
  expect(readFileSync(file, "utf8")).toBe(FILE);
});

test("an apply that is interrupted while the gateway works says that it waits, and what came of it", async () => {
  const waiting = Promise.withResolvers<{ body: unknown }>();
  const isReal = ({ method, query }: Request): boolean => method === "PUT" && query["dry_run"] === undefined;
  const { env, requests } = await standIn(async (request) => {
    if (isReal(request)) return await waiting.promise;
    return { body: request.method === "GET" ? { ...CONFIG, data: [], next_cursor: null } : { changes: CHANGES } };
  });
  const apply = new Running(["config", "apply", "-f", fileWith(FILE), "--yes"], env);
  await expect.poll(() => requests.some(isReal), { timeout: 120_000 }).toBe(true);
  apply.child.kill("SIGINT");
  await apply.hasWritten("Waiting for the gateway's response");
  waiting.resolve({ body: { changes: CHANGES } });
  const { code, stdout } = await apply.ended();
  expect([code, stdout]).toEqual([0, "Applied 3 changes.\n"]);
});

test("an apply that is interrupted twice says how to find out what came of it", async () => {
  const waiting = Promise.withResolvers<{ body: unknown }>();
  const isReal = ({ method, query }: Request): boolean => method === "PUT" && query["dry_run"] === undefined;
  const { env, requests } = await standIn(async (request) => {
    if (isReal(request)) return await waiting.promise;
    return { body: request.method === "GET" ? { ...CONFIG, data: [], next_cursor: null } : { changes: CHANGES } };
  });
  const apply = new Running(["config", "apply", "-f", fileWith(FILE), "--yes", "--json"], env);
  await expect.poll(() => requests.some(isReal), { timeout: 120_000 }).toBe(true);
  apply.child.kill("SIGINT");
  await apply.hasWritten("Waiting for the gateway's response");
  apply.child.kill("SIGINT");
  const { code, stdout, stderr } = await apply.ended();
  waiting.resolve({ body: { changes: CHANGES } });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("whether it took effect is not known. `hookgate config diff` shows");
});

test.each([
  ["no file", null, "does not exist"],
  ["a list", "- a\n", "must hold an object"],
  ["broken YAML", "a: [1\n", "cannot be read"],
  [
    "too many aliases",
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
    "alias",
  ],
])("%s is an error that says what is wrong", async (_, text, message) => {
  const { hookgate, requests } = await gateway(() => ({ changes: [] }));
  const file = text === null ? join(temporary(), "none.yaml") : fileWith(text);
  const { code, stderr } = await hookgate(["config", "diff", "-f", file]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(requests).toEqual([]);
  expect(existsSync(join(temporary(), "none.yaml"))).toBe(false);
});

test("a folder without the default file is an error that says how to get one", async () => {
  const env = { HOOKGATE_URL: "http://127.0.0.1:1", HOOKGATE_TOKEN: TOKEN };
  const { code, stderr } = await run(["config", "diff"], { env, cwd: temporary() });
  expect([code, stderr]).toEqual([
    1,
    "error: hookgate.yaml does not exist in this folder.\n" +
      "hint: `hookgate config pull hookgate.yaml` writes it. To read another file, add -f.\n",
  ]);
});

test("YAML with control characters is safe on a terminal, and equal", async () => {
  const hostile = { version: 1, routes: { "a\u009b31m": { name: "x\u001b[2J\u202ey", match: "line\nline\u0085" } } };
  const { text } = await standIn(() => ({ body: hostile }));
  const yaml = await text(["config", "pull"]);
  expect(yaml).not.toMatch(HOSTILE);
  expect(parse(yaml)).toEqual(hostile);
});

test.each([
  ["package.json", '{ "name": "shop", "version": "1.0.0" }'],
  ["compose.yaml", 'version: "3.8"\nservices: {}\n'],
  ["other.yaml", "version: 1\nrules: []\n"],
])("a pull does not replace %s, which has a version, too", async (name, text) => {
  const { hookgate } = await gateway(() => ({ changes: [] }));
  const file = join(temporary(), name);
  writeFileSync(file, text);
  const { code, stderr } = await hookgate(["config", "pull", file]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("holds no configuration")]);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("defaults that follow another change are no secret", () => {
  const plan = { changes: [{ action: "update", kind: "integration", name: "A", fields: ["options", "type"] }] };
  const [from, to] = [{ integrations: { A: { type: "catch" } } }, { integrations: { A: { type: "pagertree" } } }];
  const lines = planLines(plan, from, to, () => false).join("\n");
  expect(lines).toContain("other defaults");
  expect(lines).not.toContain("another secret");
});

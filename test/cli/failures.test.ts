import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { HOSTILE, ROOT, Running, environment, run } from "./run.ts";
import { EMPTY, TOKEN, problem, standIn } from "./stand-in.ts";

/** Waits until a command takes what is written to it: the pipe holds less than this. */
async function startedReading({ child }: Running): Promise<void> {
  await new Promise((resolve) => child.stdin?.write("#".repeat(1_000_000), resolve));
}

const DEAD_URL = "http://127.0.0.1:1";

describe("wrong usage exits with 64 and says what is wrong", () => {
  test.each([
    [["evnts"], "Did you mean events?"],
    [["events", "lst"], "Did you mean list?"],
    [["events", "list", "--limt", "3"], "Did you mean --limit?"],
    [["events"], "Usage: hookgate events"],
    [[], "Usage: hookgate"],
    [["events", "get"], "missing required argument"],
    [["events", "get", "a", "b"], "too many arguments"],
    [["deliveries", "list", "--status", "deaf"], "Allowed choices are pending"],
    [["events", "list", "--since", "yesterday"], "Use a span"],
    [["events", "list", "--limit", "0"], "Use a number"],
    [["tokens", "create", "--name", "x", "--scope", "all"], "--scope all"],
    [["tokens", "create", "--name", "x"], "--scope"],
    [["events", "send", "Orders"], "--file"],
    [["completion", "tcsh"], "Allowed choices are bash"],
  ] as const)("%j", async (args, message) => {
    const env = { HOOKGATE_URL: DEAD_URL, HOOKGATE_TOKEN: TOKEN };
    const { code, stdout, stderr } = await run(args, { env });
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(message);
  });

  test.each([
    ["--url", "ftp://x"],
    ["--url", "https://user:secret@x"],
    ["--token", "with space"],
  ])("%s %s", async (flag, value) => {
    const { code, stderr } = await run(["whoami", flag, value], { env: { HOOKGATE_TOKEN: TOKEN } });
    expect([code, stderr]).toEqual([64, expect.stringContaining("error: ")]);
  });
});

test.each([
  [["integrations", "get", ""], "The name of the integration is empty."],
  [["integrations", "delete", "", "--yes"], "The name of the integration is empty."],
  [["events", "list", "--integration", ""], "The name of the integration is empty."],
  [["events", "get", "../tokens"], '"../tokens" is not an id.'],
  [["events", "get", "evt_1?x=1"], "is not an id."],
  [["events", "get", ""], '"" is not an id.'],
  [["replays", "cancel", "."], '"." is not an id.'],
])("%j names nothing, and reaches nothing", async (args, message) => {
  const orders = { id: "int_00000000000000000000", name: "Orders", external_id: null };
  const { hookgate, requests } = await standIn(() => ({ body: { data: [orders], next_cursor: null } }));
  const { code, stdout, stderr } = await hookgate(args);
  expect([code, stdout, requests]).toEqual([64, "", []]);
  expect(stderr).toContain(message);
});

test("help exits with 0 and goes to stdout", async () => {
  const { code, stdout, stderr } = await run(["events", "list", "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Examples:\n  $ hookgate events list");
});

describe("without", () => {
  test.each([
    [{}, "The address of the gateway is not set.", "variables HOOKGATE_URL and HOOKGATE_TOKEN"],
    [{ HOOKGATE_URL: DEAD_URL }, `No API token is set for ${DEAD_URL}.`, "variable HOOKGATE_TOKEN"],
    [{ HOOKGATE_TOKEN: TOKEN }, "The address of the gateway is not set.", "variable HOOKGATE_URL"],
  ])("a gateway or a token, the command says what to set: %j", async (env, message, variables) => {
    const { code, stdout, stderr } = await run(["events", "list", "--json"], { env });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`error: ${message}\nhint: Set the environment ${variables}, or run \`hookgate login\`.\n`);
  });

  test.each([
    [["integrations", "create"], "No field is named."],
    [["replay"], "No filter says which deliveries to replay."],
    [["routes", "create", "--match", "{"], "--match is not valid JSON."],
    [["open", "nothing"], "is not an id"],
    [["audit", "--target", "Orders"], "is not an id"],
    [["login"], "There is no terminal to ask on"],
  ])("a gateway, wrong usage is still wrong usage: %j", async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("\nhint: ");
  });

  test("a network, the command says which address it tried", async () => {
    const { code, stderr } = await run(["events", "list"], { env: { HOOKGATE_URL: DEAD_URL, HOOKGATE_TOKEN: TOKEN } });
    expect([code, stderr]).toEqual([1, expect.stringContaining("could not be reached")]);
    expect(stderr).toContain("hint: Check the address");
  });
});

test("an address that speaks http is told without the words of OpenSSL", async () => {
  const { url, hookgate } = await standIn(() => EMPTY);
  const env = { HOOKGATE_URL: url.replace("http:", "https:") };
  const { code, stderr } = await hookgate(["events", "list"], "", env);
  expect([code, stderr]).toEqual([
    1,
    "error: The gateway could not be reached: it does not speak https.\n" +
      "hint: The address speaks http. Write it with http:// instead of https://.\n",
  ]);
});

test.skipIf(!existsSync("/dev/full"))("output that cannot be written is a failure that is told", async () => {
  const { env } = await standIn(() => EMPTY);
  const line = `exec "${process.execPath}" "${join(ROOT, "scripts/hookgate.mjs")}" replays list --json >/dev/full`;
  const child = spawn("sh", ["-c", line], { env: environment(env), stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect([code, stderr]).toEqual([1, "error: The output could not be written: the disk is full.\n"]);
});

describe("a refusal is shown with its fields and with what to do", () => {
  test.each([
    [problem(401, "The token was not accepted."), "hookgate login"],
    [problem(403, "The token lacks the scope."), "hookgate tokens create"],
    [problem(404, "Nothing is found."), "hookgate whoami"],
    [problem(500, "The gateway failed."), "The fault is the gateway's"],
    [{ status: 502, body: "<html>Bad gateway</html>" }, "status 502"],
    [{ status: 200, body: "<html>Sign in to the hotel</html>" }, "status 200"],
    [{ status: 302, headers: { location: "http://example.com/" }, body: "" }, "status 302"],
    [
      {
        ...problem(429, "Too many requests."),
        headers: { "retry-after": "3600", "content-type": "application/problem+json" },
      },
      "3600 s",
    ],
    [
      problem(400, "The query was not accepted.", { errors: [{ path: "from", message: "must be a time" }] }),
      "  from: must be a time",
    ],
  ])("%j", async (answer, hint) => {
    const { hookgate } = await standIn(() => answer);
    const { code, stdout, stderr } = await hookgate(["replays", "list", "--json"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toContain(TOKEN);
  });

  test.each([
    [403, "The token lacks the scope.", "This token lacks the scope. The request needs another."],
    [404, "Nothing has this id.", "No event has this id. List the resource."],
  ])("what the detail says more exactly is not said twice: %i", async (status, title, detail) => {
    const { hookgate } = await standIn(() => problem(status, title, { detail }));
    expect((await hookgate(["replays", "list"])).stderr).toContain(`error: ${detail}\n`);
  });

  test("a secret that only the sender has can follow when the sender has the address", async () => {
    const { hookgate } = await standIn(() =>
      problem(400, "The body was not accepted.", { errors: [{ path: "auth.secret", message: "is required" }] }),
    );
    const { stderr } = await hookgate(["integrations", "create", "--name", "Stripe", "--auth", "stripe"]);
    expect(stderr).toContain("HOOKGATE_CREDENTIAL");
    expect(stderr).toContain("`hookgate integrations update NAME --auth TYPE`");
  });

  test("the advice to read `errors` is for those who see them", async () => {
    const errors = [{ path: "auth.scheme", message: "must be a or b" }];
    const detail = "No. Correct the fields that errors names.";
    const { hookgate } = await standIn(() => problem(400, "No.", { detail, errors }));
    const { stderr } = await hookgate(["integrations", "create", "--name", "x", "--auth", "Stripe"]);
    const hint = "hint: --auth takes one of these, or none, token, basic or bearer.";
    expect(stderr).toBe(`error: No.\n  auth.scheme: must be a or b\n${hint}\n`);
  });

  test("an event that was accepted and is not there may be a repeat", async () => {
    const detail = "No event has this id. List the resource to see the ids that exist.";
    const { hookgate } = await standIn(() => problem(404, "Nothing has this id.", { code: "not_found", detail }));
    expect((await hookgate(["events", "get", "evt_1"])).stderr).toContain("repeats an earlier one");
    expect((await hookgate(["deliveries", "get", "dlv_1"])).stderr).toContain("`hookgate whoami`");
  });

  test("text of a stranger does not reach the terminal as a control character", async () => {
    const { hookgate } = await standIn(() =>
      problem(409, "Hm", { detail: "a\u001b]0;x\u0007\u009b2J\nerror: forged\u202e" }),
    );
    const { stderr } = await hookgate(["replays", "list"]);
    expect(stderr).not.toMatch(HOSTILE);
    expect(stderr.split("\n").filter((line) => line.startsWith("error:"))).toHaveLength(1);
  });
});

test("a request that is limited for a moment is repeated", async () => {
  let count = 0;
  const busy = {
    ...problem(429, "Too many"),
    headers: { "retry-after": "0", "content-type": "application/problem+json" },
  };
  const { text: run_ } = await standIn(() => (++count < 3 ? busy : EMPTY));
  await run_(["replays", "list"]);
  expect(count).toBe(3);
});

test("--json stays valid and safe whatever the rows hold", async () => {
  const row = { id: "rpl_1", note: "\u009b31m\u202e\u001b[2J\u2028é😀" };
  const { hookgate } = await standIn(() => ({ body: { data: [row], next_cursor: null } }));
  const { stdout } = await hookgate(["replays", "list", "--json"]);
  expect(stdout).not.toMatch(HOSTILE);
  expect(JSON.parse(stdout)).toEqual({ data: [row], next_cursor: null });
});

test("a list follows short and empty pages up to the limit", async () => {
  const { json, requests } = await standIn(({ query }) => {
    const page = Number(query["cursor"] ?? 0);
    const rows = page === 1 ? [] : [{ id: `rpl_${page}a` }, { id: `rpl_${page}b` }];
    const data = rows.slice(0, Number(query["limit"]));
    return { body: { data, next_cursor: page < 9 ? String(page + 1) : null } };
  });
  const { data, next_cursor } = await json(["replays", "list", "--limit", "5"]);
  expect(data.map(({ id }: { id: string }) => id)).toEqual(["rpl_0a", "rpl_0b", "rpl_2a", "rpl_2b", "rpl_3a"]);
  expect(requests.map(({ query }) => query["limit"])).toEqual(["5", "3", "3", "1"]);
  expect(next_cursor).toBe("4");
});

test("filters reach the API under its names", async () => {
  const { json, requests } = await standIn(({ path }) =>
    path === "/integrations" ? { body: { data: [{ id: "int_1", name: "Orders" }], next_cursor: null } } : EMPTY,
  );
  const flags = [
    "--integration",
    "Orders",
    "--type",
    "event.received",
    "--since",
    "2026-11-20",
    "--until",
    "2026-11-20T12:00",
    "-q",
    "a&b",
  ];
  await json(["events", "list", "--unrouted", ...flags]);
  expect(requests.at(-1)?.query).toEqual({
    integration_id: "int_1",
    type: "event.received",
    from: "2026-11-20T00:00:00.000Z",
    to: "2026-11-20T12:00:00.000Z",
    q: "a&b",
    unrouted: "true",
    limit: "50",
  });
});

test("a reader that ends early is no failure", async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({ id: `rpl_${index}`, filler: "x".repeat(100) }));
  const { env } = await standIn(() => ({ body: { data: rows, next_cursor: null } }));
  const command = `"${process.execPath}" scripts/hookgate.mjs replays list --limit 20000 --json; echo "$?" >&2`;
  const child = spawn("sh", ["-c", `{ ${command}; } | head -n 1`], { cwd: ROOT, env: environment(env), stdio: "pipe" });
  const [stderr] = await Promise.all([text(child.stderr), text(child.stdout), once(child, "close")]);
  expect(stderr).toBe("0\n");
});

test("a tail whose reader ends early ends, too", async () => {
  const { env } = await standIn(() => ({ body: { data: [{ id: "evt_1", received_at: "" }], next_cursor: null } }));
  const command = `"${process.execPath}" scripts/hookgate.mjs events tail --since 1h --json; echo "$?" >&2`;
  const child = spawn("sh", ["-c", `{ ${command}; } | true`], { cwd: ROOT, env: environment(env), stdio: "pipe" });
  const [stderr] = await Promise.all([text(child.stderr), text(child.stdout), once(child, "close")]);
  expect(stderr).toMatch(/^Following events of \S+\. Press Ctrl\+C to stop\.\n0\n$/);
});

describe("input that has no end", () => {
  const orders = { id: "int_1", name: "Orders", url: "http://127.0.0.1:1/", auth: { type: "none" } };
  const answer = ({ path }: { readonly path: string }) =>
    path === "/integrations/int_1" ? { body: orders } : { body: { data: [orders], next_cursor: null } };

  test.each([
    [["events", "send", "Orders", "-f", "/dev/zero"]],
    [["config", "diff", "-f", "/dev/zero"]],
    [["integrations", "create", "-f", "/dev/zero"]],
  ])("is not read to its end: %j", async (args) => {
    const { hookgate, requests } = await standIn(answer);
    const { code, stderr } = await hookgate(args);
    expect([code, stderr]).toEqual([1, expect.stringContaining("/dev/zero is larger than 10,485,760 bytes")]);
    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test.each([
    ["SIGINT", ["events", "send", "Orders", "-f", "-"]],
    ["SIGTERM", ["config", "apply", "-f", "-", "--yes"]],
  ] as const)("ends with %s, and nothing is sent: %j", async (signal, args) => {
    const { env, requests } = await standIn(answer);
    const waiting = new Running(args, env);
    await startedReading(waiting);
    waiting.child.kill(signal);
    const { code, stdout, stderr } = await waiting.ended();
    expect([code, stdout, stderr]).toEqual([1, "", "error: Interrupted. Nothing was changed.\n"]);
    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

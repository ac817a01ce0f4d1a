import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Running } from "./run.ts";
import { EMPTY, TOKEN, type Answer, problem, standIn } from "./stand-in.ts";

// Long work: it survives a lost network, and an interruption says what continues.

const MADE = "2026-11-20T10:00:00.000Z";

function changedAt(second: number): string {
  return `2026-11-20T10:00:0${second}.000Z`;
}

function event(number: number): object {
  const at = new Date(Date.UTC(2026, 10, 20, 10, 0, number)).toISOString();
  return { id: `evt_${number}`, received_at: at, title: `number ${number}`, type: "event.received" };
}

function eventsUpTo(number: number): Answer {
  const rows = Array.from({ length: number }, (_, index) => event(number - index));
  return { body: { data: rows, next_cursor: null } };
}

test("tail shows each event once, in order, across a lost network", async () => {
  let count = 2;
  let answer: (() => Answer) | null = null;
  const { env } = await standIn(({ path }) => (path === "/events" ? (answer?.() ?? eventsUpTo(count)) : EMPTY));
  const tail = new Running(["events", "tail", "--json"], env);
  await tail.hasWritten("Following events");
  count = 4;
  await tail.hasWritten("evt_4");
  answer = () => ({ breaks: true });
  await tail.hasWritten("The connection is lost");
  answer = () => problem(503, "Not now");
  count = 300;
  answer = null;
  await tail.hasWritten("Connected again.");
  await tail.hasWritten("evt_300");
  tail.child.kill("SIGINT");
  const { code, stdout } = await tail.ended();
  const ids = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).id);
  expect([code, ids]).toEqual([0, Array.from({ length: 298 }, (_, index) => `evt_${index + 3}`)]);
});

test("tail shows an event that appears behind newer ones", async () => {
  let rows = [event(9), event(5)];
  const { env } = await standIn(({ path }) =>
    path === "/events" ? { body: { data: rows, next_cursor: null } } : EMPTY,
  );
  const tail = new Running(["events", "tail", "--json"], env);
  await tail.hasWritten("Following events");
  rows = [event(9), event(7), event(5)];
  await tail.hasWritten("evt_7");
});

test("tail shows a delivery again after each attempt", async () => {
  let attempts: object[] = [];
  let status = "pending";
  const { env } = await standIn(({ path }) =>
    path === "/deliveries"
      ? {
          body: {
            data: [{ id: "dlv_1", created_at: MADE, updated_at: changedAt(attempts.length), status, attempts }],
            next_cursor: null,
          },
        }
      : EMPTY,
  );
  const tail = new Running(["deliveries", "tail"], env);
  await tail.hasWritten("Following deliveries");
  attempts = [{ number: 1, status: 500, error: null }];
  await tail.hasWritten("pending");
  attempts = [...attempts, { number: 2, status: 200, error: null }];
  status = "delivered";
  await tail.hasWritten("delivered");
  tail.child.kill("SIGTERM");
  const { code, stdout } = await tail.ended();
  expect([
    code,
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/)[0]),
  ]).toEqual([0, ["CHANGED", "10:00:01", "10:00:02"]]);
});

test("tail ends with an error if the token is not accepted", async () => {
  const { hookgate } = await standIn(() => problem(401, "No."));
  expect((await hookgate(["events", "tail"])).code).toBe(1);
});

test("a replay that is interrupted says that it continues, and how to stop it", async () => {
  let replayed = 0;
  const replay = () => ({ id: "rpl_1", status: "running", count: 100, replayed: ++replayed, failed: 0 });
  const { env, requests } = await standIn(({ body, method }) => {
    if (method === "GET") return { body: replay() };
    return body.dry_run === true ? { body: { count: 100, dry_run: true } } : { status: 201, body: replay() };
  });
  const running = new Running(["replay", "--status", "dead", "--yes", "--json"], env);
  await expect.poll(() => replayed, { timeout: 120_000 }).toBeGreaterThan(2);
  running.child.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended();
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/Interrupted after \d+ of 100\. The replay continues in the gateway\./);
  expect(stderr).toContain("hookgate replays cancel rpl_1");
  expect(
    requests.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]),
  ).toHaveLength(2);
});

test("a replay that is interrupted while it is counted has replayed nothing", async () => {
  const waiting = Promise.withResolvers<Answer>();
  const { env, requests } = await standIn(() => waiting.promise);
  const running = new Running(["replay", "--status", "dead", "--yes"], env);
  await expect.poll(() => requests.length, { timeout: 120_000 }).toBe(1);
  running.child.kill("SIGINT");
  const { code, stderr } = await running.ended();
  waiting.resolve(EMPTY);
  expect([code, stderr]).toEqual([1, "error: Interrupted. Nothing was replayed.\n"]);
  expect(requests).toHaveLength(1);
});

test("a replay that is interrupted while it starts waits for its id, and says how to stop it", async () => {
  const waiting = Promise.withResolvers<Answer>();
  const { env, requests } = await standIn(({ body }) =>
    body?.dry_run === true ? { body: { count: 9 } } : waiting.promise,
  );
  const running = new Running(["replay", "--status", "dead", "--yes"], env);
  await expect.poll(() => requests.length, { timeout: 120_000 }).toBe(2);
  running.child.kill("SIGHUP");
  await running.hasWritten("Waiting for the gateway's response");
  waiting.resolve({ status: 201, body: { id: "rpl_1", status: "running", count: 9, replayed: 0, failed: 0 } });
  const { code, stderr } = await running.ended();
  expect([code, stderr]).toEqual([1, expect.stringContaining("Interrupted after 0 of 9.")]);
  expect(stderr).toContain("hookgate replays cancel rpl_1");
});

test("a replay is watched to its end across a lost network", async () => {
  let reads = 0;
  const { json } = await standIn(({ body, method }) => {
    const replay = { id: "rpl_1", count: 2, replayed: 2, failed: 0 };
    if (method === "POST")
      return body.dry_run === true ? { body: { count: 2 } } : { body: { ...replay, status: "running" } };
    reads++;
    if (reads < 3) return reads === 1 ? { breaks: true } : problem(500, "Restarting");
    return { body: { ...replay, status: "done" } };
  });
  expect(await json(["replay", "--destination", "dst_00000000000000000000", "--yes"])).toMatchObject({
    status: "done",
  });
  expect(reads).toBe(3);
});

test("a list that is interrupted shows what was read, with the cursor for the rest", async () => {
  let pages = 0;
  const { env } = await standIn(({ query }) => {
    pages++;
    return { body: { data: [{ id: `rpl_${query["cursor"] ?? 0}` }], next_cursor: String(pages) } };
  });
  const listing = new Running(["replays", "list", "--all", "--json"], env);
  await expect.poll(() => pages, { timeout: 120_000 }).toBeGreaterThan(5);
  listing.child.kill("SIGINT");
  const { code, stdout, stderr } = await listing.ended();
  const { data, next_cursor } = JSON.parse(stdout);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`Interrupted after ${data.length} rows`)]);
  expect(next_cursor).toBe(String(data.length));
  expect(stderr).toContain(`--cursor ${next_cursor}\n`);
});

test.skipIf(process.platform !== "linux")(
  "a token among the arguments is not in the list of processes while a command runs",
  async () => {
    const { env, url } = await standIn(() => EMPTY);
    const { HOOKGATE_TOKEN: _, ...rest } = env;
    const tail = new Running(["events", "tail", "--json", "--url", url, "--token", TOKEN], rest);
    await tail.hasWritten("Following events");
    const shown = readFileSync(`/proc/${tail.child.pid}/cmdline`, "utf8");
    expect([shown.includes(TOKEN), shown]).toEqual([false, expect.stringContaining("hookgate")]);
  },
);

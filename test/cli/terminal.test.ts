import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HOSTILE, temporary, withoutColors, withoutEscapes } from "./run.ts";
import { EMPTY, TOKEN, problem, standIn } from "./stand-in.ts";
import { HAS_TERMINAL, Terminal } from "./terminal.ts";

// What people see and are asked on a terminal.

describe.skipIf(!HAS_TERMINAL)("on a terminal", () => {
  test("login asks for address and token, and does not show the token", async () => {
    const { url } = await standIn(({ path, headers }) => {
      if (headers.authorization !== `Bearer ${TOKEN}`) return problem(401, "No.");
      return path === "/sessions/current" ? { body: { scopes: ["read"], token: null, expires_at: null } } : EMPTY;
    });
    const home = temporary();
    const terminal = new Terminal(["login", "--url", url], { XDG_CONFIG_HOME: home });
    await terminal.shows("An API token");
    terminal.type(`${TOKEN}\r`);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toContain(`Signed in to ${url} (read)`);
    expect(terminal.screen).not.toContain(TOKEN);
    expect(JSON.parse(readFileSync(join(home, "hookgate/profiles.json"), "utf8")).profiles.default).toEqual({
      url,
      token: TOKEN,
    });
  });

  test("a question is answered with yes, with no, or with Ctrl+C", async () => {
    const { env, requests } = await standIn(({ method }) =>
      method === "DELETE"
        ? { status: 204, body: "" }
        : { body: { data: [{ id: "int_1", name: "Orders" }], next_cursor: null } },
    );
    const deletions = () => requests.filter(({ method }) => method === "DELETE").length;
    for (const [answer, code, count] of [
      ["\u0003", 1, 0],
      ["n", 1, 0],
      ["y", 0, 1],
    ] as const) {
      const terminal = new Terminal(["integrations", "delete", "Orders"], env);
      await terminal.shows('Delete the integration "Orders"?');
      terminal.type(answer);
      expect(await terminal.ended(), terminal.screen).toBe(code);
      expect(deletions()).toBe(count);
    }
  });

  test("a replay shows its count, asks, and shows a bar", async () => {
    let reads = 0;
    const { env } = await standIn(({ method, body }) => {
      const replay = {
        id: "rpl_1",
        count: 40,
        replayed: 10 * reads,
        failed: 0,
        status: reads < 3 ? "running" : "done",
      };
      if (method === "POST") return { body: body.dry_run === true ? { count: 40 } : replay };
      reads++;
      return { body: replay };
    });
    const terminal = new Terminal(["replay", "--status", "dead"], env);
    await terminal.shows("Send 40 deliveries again?");
    terminal.type("y");
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toMatch(/█+░+ Replaying: 10 of 40/);
    expect(terminal.screen).toContain("Replayed 30 of 40.");
  });

  test("long work shows its progress, which is gone at the end, and not in CI or with --json", async () => {
    const shown = new Map<string, string>();
    for (const [name, args, more] of [
      ["terminal", [], {}],
      ["CI", [], { CI: "true" }],
      ["dumb", [], { TERM: "dumb" }],
      ["json", ["--json"], {}],
    ] as const) {
      const { env } = await standIn(({ query }) => {
        const page = Number(query["cursor"] ?? 0);
        return { body: { data: [{ id: `rpl_${page}` }], next_cursor: page < 3 ? String(page + 1) : null } };
      });
      const terminal = new Terminal(["replays", "list", "--limit", "8", ...args], { ...env, ...more });
      expect(await terminal.ended()).toBe(0);
      expect(terminal.screen).toContain("rpl_3");
      shown.set(name, terminal.screen);
    }
    const bar = `${"█".repeat(9)}${"░".repeat(15)}`;
    expect(shown.get("terminal")).toContain(`${bar} Reading: 3 of 8, Ctrl+C shows what there is\r\u001b[K`);
    for (const name of ["CI", "dumb", "json"]) expect(shown.get(name)).not.toContain("Reading:");
  });

  test("a request that takes long shows for how long already", async () => {
    const waiting = Promise.withResolvers<{ body: unknown }>();
    const { env } = await standIn(() => waiting.promise);
    const terminal = new Terminal(["config", "pull"], env);
    await terminal.shows("Reading the configuration: 1 s");
    waiting.resolve({ body: { version: 1, routes: {} } });
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toContain("\r\u001b[Kversion: 1\r\n");
  });

  test("what events are about stays in a narrow table", async () => {
    const event = {
      id: "evt_1m8kgqsp6000dbkp0hjm4kbb22cv",
      integration_id: "int_1",
      type: "alert.created",
      outcome: "created",
      title: "CPU is high on db-1",
      received_at: "2026-11-20T10:00:00.000Z",
    };
    const { env } = await standIn(({ path }) =>
      path === "/events" ? { body: { data: [event], next_cursor: null } } : EMPTY,
    );
    const terminal = new Terminal(["events", "list"], env);
    expect(await terminal.ended()).toBe(0);
    expect(withoutEscapes(terminal.screen)).toMatch(
      /alert\.created +CPU is high on db.* +evt_1m8kgqsp6000dbkp0hjm4kbb22cv/,
    );
  });

  test("a table fits, has colors unless they are not wanted, and hostile titles stay text", async () => {
    const hostile = "\u001b[2J\u001b[1;1Hdelivered\u009b31m\nnew line\u202e";
    const alert = {
      id: "alr_00000000000000000000000000",
      status: "open",
      title: `${hostile}${"wide 界".repeat(30)}`,
      urgency: "high",
    };
    const page = {
      data: [{ ...alert, created_at: "2026-11-20T10:00:00.000Z", dedup_count: 0, integration_id: "int_1" }],
      next_cursor: null,
    };
    const { env } = await standIn(({ path }) => (path === "/alerts" ? { body: page } : EMPTY));
    const colored = new Terminal(["alerts", "list"], env);
    expect(await colored.ended()).toBe(0);
    expect(colored.screen).toContain("\u001b[31mopen");
    const lines = withoutEscapes(colored.screen).split("\r\n");
    expect(lines[1]).toContain(String.raw`\u001b[2J`);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(withoutColors(colored.screen)).not.toMatch(HOSTILE);
    for (const [args, more] of [
      [["--no-color"], {}],
      [[], { NO_COLOR: "1" }],
      [[], { TERM: "dumb" }],
    ] as const) {
      const plain = new Terminal(["alerts", "list", ...args], { ...env, ...more });
      expect(await plain.ended()).toBe(0);
      expect(plain.screen).not.toContain("\u001b");
    }
  });
});

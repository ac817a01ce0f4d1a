import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pool } from "../../scripts/local/transformations/pool.mjs";
import { HARNESS_SOURCE } from "../../src/transformations/harness.ts";

const NOW = "2026-11-29T20:00:00.000Z";
let pool: Pool;

beforeAll(() => {
  pool = new Pool(HARNESS_SOURCE);
});

afterAll(() => {
  pool.close();
});

async function run(code: string): Promise<void> {
  await pool.run({ code, input: "1", context: { now: NOW, seed: "s" } });
}

describe("hostile code delays no other transformation", () => {
  test("endless loops wait for each other, and others do not wait for them", async () => {
    const ended: string[] = [];
    const note = async (name: string, code: string) => {
      await run(code);
      ended.push(name);
    };
    const hostile = Array.from({ length: 30 }, () => note("hostile", "export default () => { for (;;); };"));
    await expect.poll(() => ended.length, { timeout: 60_000 }).toBeGreaterThan(0);
    const good = Array.from({ length: 30 }, () => note("good", "export default (event) => event;"));
    await Promise.all(good);
    expect(ended.filter((name) => name === "hostile").length).toBeLessThan(20);
    expect(pool.pids.length).toBeLessThanOrEqual(4);
    await Promise.all(hostile);
    expect(ended).toHaveLength(60);
  });
});

describe("a process that has run many calls", () => {
  const runAll = async (own: Pool, code: string, count: number) => {
    const faults: unknown[] = [];
    for (let call = 0; call < count; call++) {
      const answer = await own.run({ code, input: "1", context: { now: NOW, seed: "s" } });
      if (!answer.ok) faults.push({ call, ...answer.fault });
    }
    return faults;
  };

  test("does not fill its memory with what they left", async () => {
    const own = new Pool(HARNESS_SOURCE);
    expect(await runAll(own, "export default (event) => event;", 700)).toEqual([]);
    own.close();
  });

  test("does not do so either if each of them leaves much", async () => {
    const own = new Pool(HARNESS_SOURCE);
    const code = "const TABLE = new Array(1_500_000).fill(0.5); export default () => TABLE.length;";
    expect(await runAll(own, code, 40)).toEqual([]);
    own.close();
  });
});

describe("a process that gets no CPU", () => {
  test("is no fault of the code, and is replaced", async () => {
    const own = new Pool(HARNESS_SOURCE);
    const call = { code: "export default (event) => event;", input: "1", context: { now: NOW, seed: "s" } };
    expect(await own.run(call)).toMatchObject({ ok: true });
    for (const pid of own.pids) process.kill(pid, "SIGSTOP");
    expect(await own.run(call)).toMatchObject({ ok: false, fault: { code: "unavailable" } });
    expect(await own.run(call)).toMatchObject({ ok: true, value: "1" });
    own.close();
  });
});

describe("a pool that closes", () => {
  test("ends what runs, and starts nothing for the calls that wait", async () => {
    const own = new Pool(HARNESS_SOURCE);
    const call = { code: "export default () => { for (;;); };", input: "1", context: { now: NOW, seed: "s" } };
    const calls = Array.from({ length: 6 }, () => own.run(call));
    expect(own.pids).toHaveLength(2);
    own.close();
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => !answer.ok && answer.fault.code === "unavailable")).toHaveLength(4);
    expect(own.pids).toEqual([]);
  });
});

describe("the processes end", () => {
  const START = `
    const { Pool } = await import(process.env.ROOT + "/scripts/local/transformations/pool.mjs");
    const { HARNESS_SOURCE } = await import(process.env.ROOT + "/src/transformations/harness.ts");
    const pool = new Pool(HARNESS_SOURCE);
    const call = (code) => pool.run({ code, input: "1", context: { now: "2026-11-29T20:00:00.000Z", seed: "s" } });
    await call("export default (event) => event;");
    void call("export default () => { for (;;); };");
    console.log(pool.pids.join(" "));
    setInterval(() => {}, 1000);
    process.kill(process.pid, "SIGKILL");
  `;

  function isThere(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  test("with the process that started them, even if that is killed while code loops", async () => {
    const root = join(import.meta.dirname, "../..");
    const parent = spawn(process.execPath, ["--input-type=module", "-e", START], {
      env: { ...process.env, ROOT: root },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    parent.stdout.on("data", (chunk: Buffer) => void (output += String(chunk)));
    await once(parent, "close");
    const pids = output.trim().split(/\s+/).map(Number);
    expect(pids.length).toBeGreaterThan(0);
    await expect.poll(() => pids.filter(isThere), { timeout: 60_000 }).toEqual([]);
  });
});

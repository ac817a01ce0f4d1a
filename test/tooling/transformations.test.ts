import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pool } from "../../scripts/local/transformations/pool.mjs";
import { HARNESS_SOURCE } from "../../src/transformations/harness.ts";

// Runs hostile code in real processes, as `npm start` does.

type Answer = Awaited<ReturnType<Pool["run"]>>;

const NOW = "2026-11-29T20:00:00.000Z";
let pool: Pool;

beforeAll(() => {
  pool = new Pool(HARNESS_SOURCE);
});

afterAll(() => {
  pool.close();
});

async function run(code: string, input: unknown = { a: 1 }, seed = "evt_1"): Promise<Answer> {
  return await pool.run({ code, input: JSON.stringify(input), context: { now: NOW, seed } });
}

/** Runs the body of a function of `event` and `context`. */
async function runBody(body: string, input?: unknown, seed?: string): Promise<Answer> {
  return await run(`export default async function (event, context) { ${body} }`, input, seed);
}

function valueOf(answer: Answer): unknown {
  return answer.ok ? JSON.parse(answer.value) : answer.fault;
}

function faultOf(answer: Answer): string {
  return answer.ok ? `no fault, but ${answer.value.slice(0, 200)}` : answer.fault.code;
}

describe("what a function returns", () => {
  test("is its JSON, from the event and the context", async () => {
    const answer = await runBody("console.log('seen', event); return { ...event, b: context.now };");
    expect(answer).toMatchObject({ ok: true, logs: ['seen {"a":1}'] });
    expect(valueOf(answer)).toEqual({ a: 1, b: NOW });
  });

  test("may be null, a list, a date, or an object with toJSON", async () => {
    expect(valueOf(await runBody("return null;"))).toBeNull();
    expect(valueOf(await runBody("return [event, event];"))).toEqual([{ a: 1 }, { a: 1 }]);
    expect(valueOf(await runBody("return { at: new Date(), x: { toJSON: () => 5 } };"))).toEqual({ at: NOW, x: 5 });
  });

  test("keeps the digits of long numbers", async () => {
    const input = '{"id":12345678901234567890,"huge":1e400,"list":[-9007199254740993]}';
    const code = "export default (event) => ({ ...event, again: JSON.stringify(event.list), next: event.id + 1n })";
    const answer = await pool.run({ code, input, context: { now: NOW, seed: "s" } });
    expect(answer.ok ? answer.value : answer.fault).toBe(
      '{"id":12345678901234567890,"huge":1e400,"list":[-9007199254740993],"again":"[-9007199254740993]","next":12345678901234567891}',
    );
  });

  test("is a fault if it is not JSON", async () => {
    for (const value of ["undefined", "() => 1", "Symbol('x')"]) {
      expect(faultOf(await runBody(`return ${value};`)), value).toBe("not_json");
    }
    expect(faultOf(await runBody("const a = {}; a.a = a; return a;"))).toBe("not_json");
    expect(faultOf(await runBody("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a;"))).toBe("not_json");
    expect(faultOf(await runBody("return { get x() { throw new Error('no'); } };"))).toBe("not_json");
    expect(faultOf(await runBody("return new Proxy({}, { ownKeys() { throw 1; } });"))).toBe("not_json");
  });

  test("is bounded", async () => {
    // A slow machine takes more than 50 ms to write so much.
    const faults = ["output_too_large", "cpu_limit"];
    expect(faults).toContain(faultOf(await runBody("return 'x'.repeat(11e6);")));
    expect(faults).toContain(faultOf(await runBody("return 'ü'.repeat(6e6);")));
  });

  test("is read once: a getter that never ends is stopped", async () => {
    expect(faultOf(await runBody("return { get x() { for (;;); } };"))).toBe("cpu_limit");
    expect(faultOf(await runBody("return { toJSON() { for (;;); } };"))).toBe("cpu_limit");
  });
});

describe("faults of the code", () => {
  test("name the line", async () => {
    expect(await run("const x = 1;\nexport default (event) => {\n  return x +;\n};")).toMatchObject({
      fault: { code: "syntax", message: "SyntaxError: Unexpected token ';'", line: 3 },
    });
    expect(await run("export default function (event) {\n  if (event {\n}")).toMatchObject({
      fault: { code: "syntax", line: 2 },
    });
    expect(await run("\nexport default (event) => {\n  return event.x.y;\n};")).toMatchObject({
      fault: { code: "exception", line: 3, message: expect.stringContaining("TypeError: Cannot read properties") },
    });
    expect(await run("\n\nthrow new Error('at the top');")).toMatchObject({ fault: { code: "exception", line: 3 } });
  });

  test("are those of a module that exports no function, or imports", async () => {
    expect(faultOf(await run("export const a = 1;"))).toBe("no_default_export");
    expect(faultOf(await run("export default { a: 1 };"))).toBe("no_default_export");
    expect(faultOf(await run("import fs from 'node:fs'; export default () => 1;"))).toBe("syntax");
  });

  test("may be any value, and are cut", async () => {
    const long = await runBody("throw new Error('x'.repeat(1e6));");
    expect(long.ok ? "" : long.fault.message.length).toBe(1_000);
    for (const thrown of ["null", "undefined", "'text'", "{ a: 1 }", "Symbol('x')", "() => 1"]) {
      expect(faultOf(await runBody(`throw ${thrown};`)), thrown).toBe("exception");
    }
    expect(faultOf(await runBody("throw new Proxy({}, { get() { throw 1; }, has() { throw 1; } });"))).toBe(
      "exception",
    );
    expect(faultOf(await runBody("throw { get message() { throw 1; } };"))).toBe("exception");
  });

  test("log at most a hundred lines and 8,000 characters", async () => {
    const many = await runBody("for (let i = 0; i < 1000; i++) console.log(i); return 1;");
    expect(many.logs).toHaveLength(100);
    const long = await runBody("console.log('x'.repeat(1e6)); console.warn('never'); return 1;");
    expect(long.logs).toHaveLength(2);
    expect(long.logs[1]).toContain("the rest is left out");
    expect(long.logs.join("").length).toBeLessThan(8_100);
    const odd = await runBody("const a = {}; a.a = a; console.log(a, undefined, 5n, Symbol('x')); return 1;");
    expect(odd.logs).toEqual(["(a value that cannot be shown) undefined 5 Symbol(x)"]);
  });
});

describe("limits", () => {
  test("stop loops", async () => {
    expect(faultOf(await runBody("for (;;);"))).toBe("cpu_limit");
    expect(faultOf(await run("for (;;); export default () => 1;"))).toBe("cpu_limit");
    expect(faultOf(await runBody("for (;;) await null;"))).toBe("cpu_limit");
    expect(faultOf(await runBody("const f = () => Promise.resolve().then(f); await f();"))).toBe("cpu_limit");
    expect(faultOf(await runBody("return /^(a+)+$/.test('a'.repeat(40) + 'b');"))).toBe("cpu_limit");
  });

  test("stop promises that never settle", async () => {
    expect(faultOf(await runBody("await new Promise(() => {});"))).toBe("time_limit");
    expect(faultOf(await run("await new Promise(() => {}); export default () => 1;"))).toBe("time_limit");
    expect(faultOf(await runBody("return { then() {} };"))).toBe("time_limit");
  });

  test("stop code that takes memory", async () => {
    const hogs = [
      "const a = []; for (;;) a.push(new Array(1e5).fill(a.length));",
      "let s = 'x'; for (;;) { s += s; JSON.stringify(s); }",
      "const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1));",
      "const a = []; for (;;) a.push(new ArrayBuffer(1e9));",
      "return 'x'.repeat(2 ** 29 - 30).split('');",
    ];
    for (const hog of hogs) {
      expect(["memory_limit", "cpu_limit", "exception"], hog).toContain(faultOf(await runBody(hog)));
    }
    expect(valueOf(await runBody("return 'still there';"))).toBe("still there");
  });

  test("do not stop a thousand different transformations", async () => {
    const codes = Array.from({ length: 1_000 }, (_, index) => `export default (event) => event.a + ${index};`);
    const answers = await Promise.all(codes.map((code) => run(code)));
    expect(answers.map(valueOf)).toEqual(codes.map((_, index) => index + 1));
  });

  test("let code of the largest size pass", async () => {
    const filler = `// ${"x".repeat(250_000)}\n`;
    expect(valueOf(await run(`${filler}export default (event) => event.a;`))).toBe(1);
  });
});

describe("the same event gives the same result", () => {
  const BODY = `return [Date.now(), new Date(), Date(), Math.random(), Math.random(), crypto.randomUUID(), performance.now(),
    [...crypto.getRandomValues(new Uint8Array(4))], new Intl.DateTimeFormat("en").format(),
    new Intl.DateTimeFormat("en").formatToParts(), new Date().toLocaleString(), new Date(5).getTime(), new Date() instanceof Date,
    new Date().constructor.now()];`;

  test("and another event other random numbers", async () => {
    const one = valueOf(await runBody(BODY));
    expect(valueOf(await runBody(BODY))).toEqual(one);
    expect(one).toEqual(expect.arrayContaining([Date.parse(NOW), NOW]));
    expect(valueOf(await runBody(BODY, { a: 1 }, "evt_2"))).not.toEqual(one);
  });

  test("whatever a call before it left", async () => {
    const code = `let calls = 0; globalThis.constructor;
      export default () => { calls += 1; try { Array.prototype.left = 1; } catch {} try { globalThis.left = 1; } catch {}
      try { JSON.stringify = () => "1"; } catch {} return [calls, [].left ?? null, typeof left]; };`;
    for (let i = 0; i < 5; i++) expect(valueOf(await run(code))).toEqual([1, null, "undefined"]);
  });

  test("and nothing that built-in objects have can be changed", async () => {
    for (const change of [
      "Object.prototype.polluted = 1",
      "({}).__proto__.polluted = 1",
      "Array.prototype.map = 1",
      "Promise.prototype.then = 1",
      "({}).constructor.prototype.toString = 1",
      "Object.setPrototypeOf(Array.prototype, null)",
      "globalThis.x = 1",
      "Object.getPrototypeOf(async () => {}).x = 1",
      "Object.getPrototypeOf([][Symbol.iterator]()).next = 1",
    ]) {
      expect(faultOf(await runBody(`${change}; return 1;`)), change).toBe("exception");
    }
    const own = "class Own extends Error { constructor() { super('x'); this.name = 'Own'; } }";
    const body = `${own} const o = {}; o.toString = () => 't'; o.constructor = 1; return [new Own().name, String(o), o.constructor];`;
    expect(valueOf(await runBody(body))).toEqual(["Own", "t", 1]);
    expect(valueOf(await runBody('return JSON.parse(\'{"__proto__":{"a":1}}\').a ?? null;'))).toBeNull();
  });
});

describe("there is no way out", () => {
  test("to code made from text", async () => {
    const ways = [
      "return this.constructor.constructor('return process')();",
      "return (() => {}).constructor('return process')();",
      "return (async () => {}).constructor('return process')();",
      "return (function* () {}).constructor('return process')();",
      "return eval('1');",
      "return new Function('return 1')();",
      "return context.constructor.constructor('return process')();",
      "return event.constructor.constructor('return process')();",
    ];
    for (const way of ways) expect(faultOf(await runBody(way)), way).toBe("exception");
  });

  test("to the process, the network, timers or WebAssembly", async () => {
    const names = [
      "process require module fetch setTimeout setInterval setImmediate queueMicrotask WebAssembly Atomics SharedArrayBuffer",
      "WebSocket XMLHttpRequest Worker global self caches scheduler FinalizationRegistry WeakRef structuredClone Buffer navigator",
    ]
      .join(" ")
      .split(" ");
    expect(valueOf(await runBody(`return [${names.map((name) => `typeof ${name}`).join(",")}];`))).toEqual(
      names.map(() => "undefined"),
    );
    expect(valueOf(await runBody("return [Object.keys(import.meta), typeof import.meta.url];"))).toEqual([
      [],
      "undefined",
    ]);
  });

  test("to another call by an import that is refused", async () => {
    const refused = "const error = await import('node:fs').catch((thrown) => thrown);";
    const leave = `${refused} let left = 0;
      for (let at = error; at !== null && typeof at === "object"; at = Object.getPrototypeOf(at)) {
        for (const name of Reflect.ownKeys(at)) {
          const { value } = Reflect.getOwnPropertyDescriptor(at, name);
          try { left += value.left ?? 0; value.left = 1; } catch {}
        }
      }
      return [error instanceof Error, error.message, left];`;
    for (let i = 0; i < 3; i++) {
      expect(valueOf(await runBody(leave))).toEqual([true, "A transformation cannot import modules.", 0]);
    }
  });

  test("by errors that the runtime makes", async () => {
    const bodies = [
      "try { await import('node:fs'); } catch (e) { return e.constructor.constructor('return process')(); }",
      "try { await import('node:fs'); } catch (e) { e.constructor.prototype.x = 1; return 'changed'; }",
      "try { await import('node:fs'); } catch (e) { Object.getPrototypeOf(e.constructor).x = 1; return 'changed'; }",
    ];
    for (const body of bodies) expect(faultOf(await runBody(body)), body).toBe("exception");
    const frames = `try { Error.prepareStackTrace = (_, sites) => sites; } catch { return "frozen"; }`;
    expect(valueOf(await runBody(frames))).toBe("frozen");
    const deep = `const f = () => { try { return f(); } catch (e) { return e.constructor.constructor("return 1")(); } }; return f();`;
    expect(["exception", "cpu_limit"]).toContain(faultOf(await runBody(deep)));
  });
});

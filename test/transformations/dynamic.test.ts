import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { findLoader, findLocalTransformations } from "../../src/platform/bindings.ts";
import { dynamicRunner } from "../../src/transformations/dynamic.ts";
import { localRunner } from "../../src/transformations/local.ts";
import { transformationRunnerOf } from "../../src/transformations/runner.ts";
import type { TransformationRun, TransformationRunner } from "../../src/transformations/run.ts";
import { bindingsWith } from "../support/bindings.ts";

// What the dynamic Workers of Cloudflare do with code. The local runtime does not enforce CPU and memory, so that endless loops
// are in test/tooling/transformations.test.ts only.

const context = { now: "2026-11-29T20:00:00.000Z", seed: "evt_1" };
let dynamic: TransformationRunner;
let local: TransformationRunner;

beforeEach(() => {
  const loader = findLoader(env);
  const service = findLocalTransformations(env);
  if (loader === null || service === null) throw new Error("The tests have no runners.");
  dynamic = dynamicRunner(loader);
  local = localRunner(service);
});

/** Runs code in both runtimes, which must agree on everything but the CPU. Returns the result. */
async function runBoth(code: string, input: unknown = { a: 1 }): Promise<TransformationRun> {
  const one = await dynamic.run({ code, input, context });
  const other = await local.run({ code, input, context });
  const withoutCpu = (run: TransformationRun) => (run.ok ? { ...run, cpu_ms: null } : run);
  expect(withoutCpu(one), code).toEqual(withoutCpu(other));
  return one;
}

describe("dynamic Workers and local processes agree", () => {
  test("on what a function returns", async () => {
    expect(await runBoth("export default (event, context) => ({ ...event, context });")).toEqual({
      ok: true,
      value: { a: 1, context: { now: context.now } },
      logs: [],
      cpu_ms: null,
    });
    await runBoth("export default async () => null;");
    await runBoth("export default (event) => [event, event];");
    await runBoth("console.log('top'); export default (event) => { console.warn('called', event); return 1; };");
  });

  test("on time and random numbers", async () => {
    await runBoth(`const AT_TOP = [Date.now(), Math.random()];
      export default () => [AT_TOP, Date.now(), new Date(), Date(), Math.random(), crypto.randomUUID(), performance.now(),
        new Date().toLocaleString(), new Intl.DateTimeFormat("en").format(), new Intl.DateTimeFormat().resolvedOptions().timeZone];`);
  });

  test("on what is there", async () => {
    await runBoth("export default () => Object.getOwnPropertyNames(globalThis).toSorted();");
    await runBoth(
      "export default () => [typeof fetch, typeof setTimeout, typeof caches, typeof navigator, typeof process];",
    );
  });

  test("on faults", async () => {
    for (const code of [
      "const x = 1;\nexport default (event) => {\n  return x +;\n};",
      "export const a = 1;",
      "export default 5;",
      "\n\nthrow new Error('at the top');",
      "export default (event) => {\n  return event.x.y;\n};",
      "export default () => { throw 'a text'; };",
      "export default () => { throw null; };",
      "export default () => undefined;",
      "export default () => { const a = {}; a.a = a; return a; };",
      "export default () => { let a = []; for (let i = 0; i < 200; i++) a = [a]; return a; };",
      "export default () => 'x'.repeat(11e6);",
      "export default () => new Promise(() => {});",
      "export default () => ({ then() {} });",
      "export default () => (() => {}).constructor('return 1')();",
      "export default () => eval('1');",
      "export default () => { Object.prototype.x = 1; };",
      "export default () => { globalThis.x = 1; };",
    ]) {
      expect((await runBoth(code)).ok, code).toBe(false);
    }
  });
});

describe("the line of a fault is that of the code", () => {
  test.for(["//# sourceURL=elsewhere.js", "//@ sourceURL=elsewhere.js", "//# sourceURL=main.js"])(
    "beside the comment %s",
    async (comment) => {
      const lineOf = async (code: string): Promise<number | null> => {
        const run = await runBoth(code);
        return run.ok ? null : run.fault.line;
      };
      const throws = "export default (event) => {\n  return event.x.y;\n};";
      expect(await lineOf(`${throws}\n${comment}`)).toBe(2);
      expect(await lineOf(`${throws} ${comment}`)).toBe(2);
      expect(await lineOf(`${comment}\n${throws}\n`)).toBe(3);
      expect(await lineOf(`${comment}\n\nthrow new Error("at the top");`)).toBe(3);
      expect(await lineOf(`${comment}\nexport default () => {\n  return 1 +;\n};`)).toBe(3);
      expect(await lineOf(`export default () => {\n  return 1 +;\n};\n${comment}`)).toBe(2);
      expect(await lineOf(`export default () => { const a = {}; a.a = a; return a; };\n${comment}`)).toBeNull();
    },
  );

  test("also where the code ends before it should", async () => {
    const run = await dynamic.run({ code: "//# sourceURL=a.js\nexport default () => {", input: 1, context });
    expect(run).toMatchObject({ ok: false, fault: { code: "syntax", line: 2 } });
  });
});

describe("a dynamic Worker", () => {
  test("imports nothing", async () => {
    for (const name of ["cloudflare:workers", "cloudflare:sockets", "node:fs", "./main.js"]) {
      const run = await dynamic.run({ code: `import "${name}"; export default () => 1;`, input: 1, context });
      expect(run.ok && name !== "./main.js", name).toBe(false);
    }
    const code = "export default async () => { await import('cloudflare:sockets'); };";
    expect(await dynamic.run({ code, input: 1, context })).toMatchObject({ ok: false, fault: { code: "exception" } });
  });

  test("is one of four different ones at a time, at most", async () => {
    const codes = Array.from({ length: 20 }, (_, index) => `export default (event) => event + ${index};`);
    const runs = await Promise.all(codes.map((code) => dynamic.run({ code, input: 1, context })));
    expect(runs.map((run) => (run.ok ? run.value : run.fault))).toEqual(codes.map((_, index) => index + 1));
  });

  test("is not there without a binding", () => {
    const without = bindingsWith({});
    Reflect.deleteProperty(without, "LOADER");
    Reflect.deleteProperty(without, "TRANSFORMATIONS");
    expect(transformationRunnerOf(without)).toBeNull();
    expect(transformationRunnerOf(env)).not.toBeNull();
  });
});

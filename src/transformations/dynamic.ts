import * as z from "zod/mini";
import { parseExact } from "../model/exact-json.ts";
import { lazy } from "../model/lazy.ts";
import { describeError, logLine } from "../platform/log.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { failed, readAnswer } from "./answer.ts";
import { HARNESS_SOURCE } from "./harness.ts";
import { MAX_JSON_BYTES, MAX_RUN_MS } from "./limits.ts";
import { withOwnLine, withOwnName } from "./own-name.ts";
import type { TransformationCall, TransformationRun, TransformationRunner } from "./run.ts";

/** Fixed, so that a new version of the gateway does not change what code does. */
const COMPATIBILITY_DATE = "2026-10-20";
/** The limits that Cloudflare enforces for one call. */
const LIMITS = { cpuMs: 50, subRequests: 0 };
/** Cloudflare refuses one more distinct dynamic Worker in flight within one invocation. */
const MAX_DISTINCT = 4;

/** The main module. It keeps what it needs of the realm before the harness takes it away. */
const MAIN = `
const { Response, setTimeout } = globalThis;
const harness = ${HARNESS_SOURCE};
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
async function call({ input, now, seed }) {
  let box = null;
  const run = async () => {
    try {
      harness.begin();
      const { default: main } = await import("transformation.js");
      box = harness.start(main, input, now, seed);
    } catch (error) {
      box = harness.fault("exception", error);
    }
  };
  void run();
  for (let turns = 0; turns < 5 && box?.done !== true; turns++) await turn();
  return box?.done === true ? box : { done: false, logs: harness.logs() };
}
export default {
  async fetch(request) {
    return new Response(JSON.stringify(await call(await request.json())));
  },
};`;

/** Modules of the runtime, which code could import otherwise. */
const NO_MODULE = { js: 'throw new Error("A transformation cannot import modules.");' };
const HIDDEN = {
  "cloudflare:workers": NO_MODULE,
  "cloudflare:sockets": NO_MODULE,
  "cloudflare:email": NO_MODULE,
  "cloudflare:workflows": NO_MODULE,
};

const box = lazy(() =>
  z.union([
    z.object({ done: z.literal(false), logs: z.string() }),
    z.object({
      done: z.literal(true),
      ok: z.boolean(),
      value: z.string(),
      code: z.string(),
      message: z.string(),
      line: z.number(),
      logs: z.string(),
    }),
  ]),
);

async function idOf(code: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${MAIN}\n${code}`));
  return new Uint8Array(digest).toHex();
}

/** Returns the fault that a thrown error of the runtime stands for. */
function faultOf(error: unknown): TransformationRun {
  const message = error instanceof Error ? error.message : String(error);
  const [, syntax, line] = /Uncaught (SyntaxError: [^\n]*)(?:\s+at \S*?:(\d+)(?::\d+)?(?!\S))?/.exec(message) ?? [];
  if (syntax !== undefined) {
    return {
      ok: false,
      fault: { code: "syntax", message: syntax.slice(0, 1_000), line: line === undefined ? null : Number(line) },
      logs: [],
    };
  }
  if (/No such module/i.test(message)) return failed("syntax", "A transformation cannot import modules.");
  if (/exceeded.*cpu|cpu time limit/i.test(message))
    return failed("cpu_limit", "The call took more than 50 ms of CPU.");
  if (/memory/i.test(message)) return failed("memory_limit", "The call took more than 128 MB of memory.");
  // The runtime ends a request whose promise can never settle.
  if (/never generate a response|hung/i.test(message)) {
    return failed("time_limit", "The function returned a promise that never settles.");
  }
  logLine("warn", "transformation.unavailable", { error: describeError(error) });
  return failed("unavailable", "The runtime of transformations did not answer.");
}

/** Lets work begin for at most so many distinct names at a time; any number for each of them. */
function distinctLimiter(
  max: number,
): (name: string, work: () => Promise<TransformationRun>) => Promise<TransformationRun> {
  const running = new Map<string, number>();
  const waiting: (() => void)[] = [];
  return async (name, work) => {
    while (!running.has(name) && running.size >= max) await new Promise<void>((resolve) => void waiting.push(resolve));
    running.set(name, (running.get(name) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (running.get(name) ?? 1) - 1;
      if (left > 0) running.set(name, left);
      else {
        running.delete(name);
        for (const resume of waiting.splice(0)) resume();
      }
    }
  };
}

function readBox(answered: unknown): TransformationRun {
  const read = box().safeParse(answered);
  if (!read.success) return failed("unavailable", "The runtime of transformations returned no result.");
  const logs = parseExact(read.data.logs);
  if (!read.data.done) {
    return readAnswer({ ...failed("time_limit", "The function returned a promise that never settles."), logs });
  }
  const { ok, value, code, message, line } = read.data;
  if (!ok) return readAnswer({ ok, fault: { code, message, line: line > 0 ? line : null }, logs });
  if (value.length * 3 > MAX_JSON_BYTES && new TextEncoder().encode(value).byteLength > MAX_JSON_BYTES) {
    return readAnswer({ ...failed("output_too_large", "The result is larger than 10 MB."), logs });
  }
  return readAnswer({ ok, value, logs, cpu_ms: null });
}

/** Returns the runner of Cloudflare: each code is a dynamic Worker, without bindings and without network. */
export function dynamicRunner(loader: WorkerLoader): TransformationRunner {
  const limited = distinctLimiter(MAX_DISTINCT);
  const run = async (id: string, { code, input, context: { now, seed } }: TransformationCall) => {
    const answered = await withTimeout(MAX_RUN_MS, async () => {
      const worker = loader.get(id, () => ({
        compatibilityDate: COMPATIBILITY_DATE,
        mainModule: "main.js",
        modules: { "main.js": MAIN, "transformation.js": code, ...HIDDEN },
        env: {},
        globalOutbound: null,
        limits: LIMITS,
      }));
      const body = JSON.stringify({ input: JSON.stringify(input), now, seed });
      const response = await worker.getEntrypoint().fetch("http://transformation/", { method: "POST", body });
      return await response.json();
    });
    switch (answered.kind) {
      case "done":
        return readBox(answered.value);
      case "failed":
        return faultOf(answered.error);
      case "timed_out":
        return failed("time_limit", "The call took more than 2 seconds.");
    }
  };
  return {
    run: async (call) => {
      const code = withOwnName(call.code);
      const id = await idOf(code);
      return withOwnLine(call.code, await limited(id, () => run(id, { ...call, code })));
    },
  };
}

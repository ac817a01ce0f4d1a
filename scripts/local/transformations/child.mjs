import process from "node:process";
import vm from "node:vm";

// Runs transformations, one at a time. The pool starts this process without rights: it may read no file, start no process,
// and make no code from text. Each call has a realm of its own, made without any object of this one: only texts go in, and
// texts and numbers come out. The pool ends this process if a call takes too long. The first line is the harness, each other
// one a call. The process ends when its input ends.

const { setImmediate, Buffer, JSON: Json, String: Text } = globalThis;
const { stdin, stdout } = process;
const threadCpuUsage = process.threadCpuUsage.bind(process);
const exit = process.exit.bind(process);

// A realm that was escaped must not find these.
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^[a-z]/.test(name) && name !== "globalThis") Reflect.deleteProperty(globalThis, name);
}

const READY = "\n";
const MAX_JSON_BYTES = 10_000_000;
const MAX_CPU_MS = 50;
/** A result that is not there after so many turns never comes: the code has nothing to wait for. */
const TURNS = 5;
const NO_IMPORT = "A transformation cannot import modules.";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** @param {string} code @param {string} message @param {number | null} line @param {string[]} logs */
function failed(code, message, line = null, logs = []) {
  return { ok: false, fault: { code, message, line }, logs };
}

/** @param {string} source */
const compile = (source) => new vm.Script(source, { filename: "transformation.js" });

/**
 * Finds the line of a syntax error. An error of a module does not have it, and one of a script does, so the code is compiled
 * once more, as the body of a function that never runs.
 * @param {string} code
 * @param {string} message the message that the module's error has
 */
function lineOfSyntaxError(code, message) {
  const body = code
    .replaceAll(/^(\s*)export\s+default\s+(async\s+function\s*\*?|function\s*\*?|class)(?=\s*[({])/gm, "$1$2 _")
    .replaceAll(/^(\s*)export\s+default\s+(?=async\s+function|function|class)/gm, "$1")
    .replaceAll(/^(\s*)export\s+default\b/gm, "$1var _ =")
    .replaceAll(/^(\s*)export\s+(?=const|let|var|function|async|class)/gm, "$1");
  try {
    compile(`"use strict"; (async () => {${body}\n})`);
  } catch (error) {
    const { message: found, stack } = /** @type {{ message?: unknown, stack?: unknown }} */ (error);
    // The first line of the stack is NAME:LINE, and a comment in the code may have set the name.
    const line = /^\S*:(\d+)\n/.exec(Text(stack))?.[1];
    if (found === message && line !== undefined) return Number(line);
  }
  return null;
}

/** @param {string} code @param {unknown} error */
function syntaxFault(code, error) {
  const message = Text(/** @type {{ message?: unknown }} */ (error).message);
  return failed("syntax", `SyntaxError: ${message.slice(0, 1_000)}`, lineOfSyntaxError(code, message));
}

/**
 * Evaluates a module and calls its function.
 * @param {any} harness
 * @param {vm.SourceTextModule} module
 * @param {{ input: string, context: { now: string, seed: string } }} call
 * @param {(box: any) => void} started
 */
async function evaluate(harness, module, { input, context }, started) {
  try {
    harness.begin();
    await module.evaluate();
    const { default: main } = /** @type {any} */ (module.namespace);
    started(harness.start(main, input, context.now, context.seed));
  } catch (error) {
    started(harness.fault("exception", error));
  }
}

function newRealm() {
  return vm.createContext(vm.constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
}

/**
 * @param {vm.Script} harnessScript
 * @param {{ code: string, input: string, context: { now: string, seed: string } }} call
 */
async function run(harnessScript, call) {
  const realm = newRealm();
  const RealmError = vm.runInContext("Error", realm);
  const harness = harnessScript.runInContext(realm);
  const before = threadCpuUsage();
  let module;
  try {
    module = new vm.SourceTextModule(call.code, {
      context: realm,
      identifier: "transformation.js",
      // Node's own refusal would be an error of this realm, in whose objects calls could leave something for one another.
      importModuleDynamically: () => Promise.reject(new RealmError(NO_IMPORT)),
    });
  } catch (error) {
    return syntaxFault(call.code, error);
  }
  if (module.moduleRequests.length > 0) return failed("syntax", NO_IMPORT);
  await module.link(() => Promise.reject(new Error("not reached")));
  /** @type {any} */
  let box = null;
  void evaluate(harness, module, call, (result) => {
    box = result;
  });
  for (let i = 0; i < TURNS && box?.done !== true; i++) await turn();
  const { user, system } = threadCpuUsage();
  const cpuMs = (user + system - before.user - before.system) / 1_000;
  if (box === null) return failed("time_limit", "The module is never evaluated to its end.");
  /** @type {string[]} */
  const logs = Json.parse(Text(box.done ? box.logs : harness.logs()));
  if (cpuMs > MAX_CPU_MS) return failed("cpu_limit", `The call took more than ${MAX_CPU_MS} ms of CPU.`, null, logs);
  if (!box.done) return failed("time_limit", "The function returned a promise that never settles.", null, logs);
  if (!box.ok) return failed(Text(box.code), Text(box.message), Number(box.line) || null, logs);
  const value = Text(box.value);
  if (Buffer.byteLength(value) > MAX_JSON_BYTES) {
    return failed("output_too_large", "The result is larger than 10 MB.", null, logs);
  }
  return { ok: true, value, logs, cpu_ms: cpuMs };
}

/** @type {vm.Script | null} */
let harness = null;

/** @param {string} line */
async function take(line) {
  const message = Json.parse(line);
  if (harness === null) {
    harness = new vm.Script(message.harness, { filename: "harness.js" });
    // The first realm of a process takes several times the CPU of a later one.
    harness.runInContext(newRealm());
    // Tells the pool that what follows is the CPU of calls, and not that of the start.
    stdout.write(READY);
  } else stdout.write(`${Json.stringify(await run(harness, message))}\n`);
}

// A rejection that the code leaves unhandled must not end the process.
process.on("unhandledRejection", () => {});

const NEWLINE = 10;
/** @type {Buffer[]} */
let parts = [];
stdin.on("end", () => exit(0));
stdin.on("data", (/** @type {Buffer} */ chunk) => {
  let from = 0;
  for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
    const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString();
    parts = [];
    from = end + 1;
    void take(line).catch(() => exit(1));
  }
  if (from < chunk.length) parts.push(chunk.subarray(from));
});

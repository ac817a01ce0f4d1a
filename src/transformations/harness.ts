import { type Realm, closeRealm } from "./realm.ts";

/** What a call left behind. Only texts, numbers and truth values leave the realm of the code. */
export type CallBox = {
  /** False until the call has ended. */
  done: boolean;
  ok: boolean;
  /** The JSON text of the result. */
  value: string;
  code: string;
  message: string;
  /** 0 if it is unknown. */
  line: number;
  /** A JSON list of texts. */
  logs: string;
};

export type Harness = {
  /** Fixes what the evaluation of the module sees: the same for each call. */
  readonly begin: () => void;
  /** Starts a call of what the module exports. The box is filled once the call ends, which may be never. */
  readonly start: (main: unknown, input: string, now: string, seed: string) => CallBox;
  /** Returns the box of a module that could not be evaluated, or of a call that threw. */
  readonly fault: (code: string, thrown: unknown) => CallBox;
  /** Returns the lines so far, as a JSON list, for a call that never ends. */
  readonly logs: () => string;
};

/** Calls the user's function. Like `closeRealm`, its source text must refer to nothing outside of itself. */
function makeHarness({ fix, lines, log }: Realm): Harness {
  const MAX_JSON = 10_000_000;
  const MAX_MESSAGE = 1_000;
  const WHOLE = /^-?\d+$/;
  const LONG = /\d{16}|\de\+?\d{3}/i;
  const LINE = /transformation\.js:(\d{1,7})/;

  function end(call: CallBox, code: string, message: string, line: number): void {
    call.code = code;
    call.message = message.slice(0, MAX_MESSAGE);
    call.line = line;
    call.logs = JSON.stringify(lines());
    call.done = true;
  }

  function textOf(value: unknown): string {
    return typeof value === "string" ? value.slice(0, 20_000) : "";
  }

  function fail(call: CallBox, code: string, thrown: unknown): void {
    let message = "The code threw a value that cannot be read.";
    let line = 0;
    try {
      if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
        message = `${"name" in thrown ? textOf(thrown.name).slice(0, 100) : "Error"}: ${textOf(thrown.message)}`;
        line = Number(LINE.exec("stack" in thrown ? textOf(thrown.stack) : "")?.[1] ?? 0);
      } else {
        const written: unknown = typeof thrown === "string" ? thrown : JSON.stringify(thrown);
        message = `The code threw ${typeof written === "string" ? written.slice(0, MAX_MESSAGE) : String(thrown)}`;
      }
    } catch {
      line = 0;
    }
    end(call, code, message, line);
  }

  function revive(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined || !("rawJSON" in JSON)) return value;
    if (!WHOLE.test(source)) return Number.isFinite(value) ? value : JSON.rawJSON(source);
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }

  function write(call: CallBox, result: unknown): void {
    let written: unknown = null;
    try {
      written = JSON.stringify(result);
    } catch (error) {
      return fail(call, "not_json", error);
    }
    if (typeof written !== "string") {
      const hint = result === undefined ? " Return the value, or null to drop it." : "";
      return end(call, "not_json", `The function returned ${typeof result}, which is not JSON.${hint}`, 0);
    }
    if (written.length > MAX_JSON) return end(call, "output_too_large", "The result is larger than 10 MB.", 0);
    call.value = written;
    call.ok = true;
    end(call, "", "", 0);
  }

  async function run(call: CallBox, main: (event: unknown, context: object) => unknown, input: string, now: string) {
    try {
      const event: unknown = LONG.test(input) ? JSON.parse(input, revive) : JSON.parse(input);
      write(call, await main(event, { now }));
    } catch (error) {
      fail(call, "exception", error);
    }
  }

  function isFunction(value: unknown): value is (event: unknown, context: object) => unknown {
    return typeof value === "function";
  }

  function newBox(): CallBox {
    return { done: false, ok: false, value: "", code: "", message: "", line: 0, logs: "[]" };
  }

  return {
    begin: () => fix(0, "module"),
    start(main, input, now, seed) {
      const call = newBox();
      const earlier = lines();
      fix(Date.parse(now), seed);
      for (const line of earlier) log("", [line]);
      if (isFunction(main)) void run(call, main, input, now);
      else end(call, "no_default_export", "The module has no function as its default export.", 0);
      return call;
    },
    fault(code, thrown) {
      const call = newBox();
      fail(call, code, thrown);
      return call;
    },
    logs: () => JSON.stringify(lines()),
  };
}

/** The source text of an expression that closes the realm in which it is evaluated, and has the harness as its value. */
export const HARNESS_SOURCE = `(${String(makeHarness)})((${String(closeRealm)})())`;

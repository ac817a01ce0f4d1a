import type { TransformationRun } from "./run.ts";

/** A comment that gives the code another name in stack traces, from which the line of a fault is read. V8 takes the last one. */
const RENAMED = /\/\/[#@].*sourceURL=/;
const OWN_NAME = "\n//# sourceURL=transformation.js";

/** Returns the code as a runtime loads it: its stack traces name `transformation.js`, whatever its comments say. */
export function withOwnName(code: string): string {
  return RENAMED.test(code) ? code + OWN_NAME : code;
}

/** Returns a run of `withOwnName(code)` with a line of the code itself: code without an end is refused behind its last line. */
export function withOwnLine(code: string, run: TransformationRun): TransformationRun {
  if (run.ok || run.fault.line === null) return run;
  const lines = code.split(/\r\n|[\n\r\u2028\u2029]/).length;
  return run.fault.line <= lines ? run : { ...run, fault: { ...run.fault, line: lines } };
}

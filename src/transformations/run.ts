import type { Json } from "../model/json.ts";

/** One call of a transformation: the code of its module, and the input, which is JSON. */
export type TransformationCall = {
  readonly code: string;
  readonly input: unknown;
  readonly context: {
    /** What the code sees as the time, in ISO 8601: that of receipt. */
    readonly now: string;
    /** Fixes the random numbers of the call: the event's id. */
    readonly seed: string;
  };
};

/** `unavailable` is a fault of the installation, and every other one is a fault of the code. */
export const TRANSFORMATION_FAULTS = [
  "syntax",
  "no_default_export",
  "exception",
  "cpu_limit",
  "time_limit",
  "memory_limit",
  "output_too_large",
  "not_json",
  "unavailable",
] as const;
type TransformationFaultCode = (typeof TRANSFORMATION_FAULTS)[number];

/** `line` is the line of the code, counted from 1, or null if it is unknown. */
export type TransformationFault = {
  readonly code: TransformationFaultCode;
  readonly message: string;
  readonly line: number | null;
};

/** The result of a call. `logs` holds the lines that the code wrote with `console`. */
export type TransformationRun =
  | { readonly ok: true; readonly value: Json; readonly logs: readonly string[]; readonly cpu_ms: number | null }
  | { readonly ok: false; readonly fault: TransformationFault; readonly logs: readonly string[] };

/** Runs one call of a user's module. Never throws for anything that the code does: faults are values. */
export type TransformationRunner = { readonly run: (call: TransformationCall) => Promise<TransformationRun> };

import { type LoggedRun, MAX_LOGGED_CHARACTERS, MAX_LOGGED_RUNS, type RunsToLog } from "../model/transformation-run.ts";
import type { TransformationHead } from "../model/transformation.ts";
import { describeError, logLine } from "../platform/log.ts";
import { LruMap } from "../platform/lru.ts";
import type { TransformationRun } from "./run.ts";

/** The log of one transformation is written at most this often by an isolate, in ms. */
const MIN_INTERVAL_MS = 3_000;
const MAX_KEPT = 1_000;

/** A call, and the event that it was for. */
export type RunToNote = {
  readonly at: string;
  readonly event_id: string;
  readonly duration_ms: number;
  readonly run: TransformationRun;
};

/** A transformation that has begun to fail, or works again. `reason` is null if it works. */
export type TransformationChange = { readonly transformation: TransformationHead; readonly reason: string | null };

type State = {
  /** The newest first. */
  pending: LoggedRun[];
  written_at_ms: number;
  /** Null until the first call in this isolate. */
  is_failing: boolean | null;
};

/**
 * Collects the runs of transformations that failed or wrote lines, so that they cost at most one row in some seconds. What an
 * isolate has not written when it ends is lost: the log is for finding faults, not a record.
 */
export type RunLog = {
  /** Notes how a call ended. */
  readonly note: (transformation: TransformationHead, noted: RunToNote) => void;
  /** Has what is due written, and returns which transformations have begun to fail or work again since. Never rejects. */
  readonly flush: (write: (runs: readonly RunsToLog[]) => Promise<void>) => Promise<readonly TransformationChange[]>;
};

function cut(logs: readonly string[]): readonly string[] {
  let left = MAX_LOGGED_CHARACTERS;
  const kept: string[] = [];
  for (const line of logs) {
    if (left <= 0) break;
    kept.push(line.slice(0, left));
    left -= line.length;
  }
  return kept;
}

function loggedRun({ version }: TransformationHead, { at, event_id, duration_ms, run }: RunToNote): LoggedRun {
  const error = run.ok ? null : `${run.fault.code}: ${run.fault.message}`;
  const line = run.ok ? null : run.fault.line;
  return { at, event_id, version, ok: run.ok, duration_ms, logs: cut(run.logs), error, line };
}

/** Makes a log for one isolate. `clock` returns ms since 1970. */
export function createRunLog(clock: () => number): RunLog {
  const states = new LruMap<string, State>({ max: MAX_KEPT });
  const changes = new Map<string, TransformationChange>();

  return {
    note(transformation, noted) {
      const { id, name, version } = transformation;
      const state = states.get(id) ?? { pending: [], written_at_ms: 0, is_failing: null };
      states.set(id, state);
      const { run } = noted;
      // A runtime that is not there says nothing about the code.
      if (!run.ok && run.fault.code === "unavailable") return;
      if (state.is_failing !== !run.ok) {
        state.is_failing = !run.ok;
        changes.set(id, { transformation: { id, name, version }, reason: run.ok ? null : run.fault.message });
      }
      if (run.ok && run.logs.length === 0) return;
      state.pending.unshift(loggedRun(transformation, noted));
      state.pending.length = Math.min(state.pending.length, MAX_LOGGED_RUNS);
    },
    async flush(write) {
      const changed = [...changes.values()];
      changes.clear();
      const now = clock();
      const due = [...states.entries()].flatMap(([transformation_id, state]) => {
        if (state.pending.length === 0 || now - state.written_at_ms < MIN_INTERVAL_MS) return [];
        state.written_at_ms = now;
        return [{ transformation_id, runs: state.pending.splice(0) }];
      });
      try {
        if (due.length > 0) await write(due);
      } catch (error) {
        logLine("warn", "transformation_runs.write_failed", { count: due.length, error: describeError(error) });
      }
      return changed;
    },
  };
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ClientError } from "../../client/index.ts";
import { type FailedTotals, NO_TOTALS, replayFailed } from "./failed-replay.ts";
import { renewTransformations } from "./queries.ts";

export type FailedRun = {
  readonly totals: FailedTotals;
  readonly isStarted: boolean;
  readonly isRunning: boolean;
  /** What ended the run early. */
  readonly error: string | null;
  /** Starts, or continues behind the events that were run again. */
  readonly start: () => void;
  /** Ends the run after the page that is in flight. */
  readonly stop: () => void;
};

/** Replays the failed events of a transformation from this page. It ends when the page is left. */
export function useFailedReplay(id: string): FailedRun {
  const queries = useQueryClient();
  const [totals, setTotals] = useState(NO_TOTALS);
  const stopper = useRef<AbortController | null>(null);
  useEffect(() => () => stopper.current?.abort(), []);
  const run = useMutation({
    mutationFn: async (from: FailedTotals) => {
      const controller = new AbortController();
      stopper.current = controller;
      await replayFailed(id, from, { signal: controller.signal, onPage: setTotals });
    },
    onSettled: () => Promise.all([renewTransformations(queries), queries.invalidateQueries({ queryKey: ["events"] })]),
  });
  const { error } = run;
  return {
    totals,
    isStarted: !run.isIdle,
    isRunning: run.isPending,
    error: error === null ? null : error instanceof ClientError ? error.message : "The dashboard failed to do this.",
    start: () => run.mutate(totals),
    stop: () => stopper.current?.abort(),
  };
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ClientError, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { replayEach } from "./each.ts";

const REFUSALS: readonly number[] = [404, 409];

/** Replays one event. Returns null, or why the gateway refuses it. */
async function replayOne(id: string, runKey: string): Promise<string | null> {
  const result = await client.events.replay(id, undefined, { idempotency_key: `${runKey}/${id}`, max_retries: 2 });
  if (!result.ok && result.error.kind === "problem" && REFUSALS.includes(result.error.status)) {
    return result.error.problem.title;
  }
  unwrap(result);
  return null;
}

export type EachRun = {
  /** The events to replay; null before the start. */
  readonly ids: readonly string[] | null;
  /** Why an event was not replayed, by its id; null if it was. */
  readonly done: ReadonlyMap<string, string | null>;
  readonly isRunning: boolean;
  /** What ended the run early. */
  readonly error: string | null;
  /** Starts, or continues with the events that are left. */
  readonly start: (ids: readonly string[]) => void;
  readonly stop: () => void;
};

/** Replays events one by one from this page. It ends when the page is left. */
export function useReplayEach(runKey: string): EachRun {
  const queries = useQueryClient();
  const [done, setDone] = useState<ReadonlyMap<string, string | null>>(new Map());
  const stopper = useRef<AbortController | null>(null);
  useEffect(() => () => stopper.current?.abort(), []);
  const run = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const controller = new AbortController();
      stopper.current = controller;
      await replayEach(
        ids.filter((id) => !done.has(id)),
        {
          replay: (id) => replayOne(id, runKey),
          signal: controller.signal,
          onDone: (id, why) => setDone((now) => new Map(now).set(id, why)),
        },
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["events", "one"] }),
  });
  const { error } = run;
  return {
    ids: run.variables ?? null,
    done,
    isRunning: run.isPending,
    error: error === null ? null : error instanceof ClientError ? error.message : "The dashboard failed to do this.",
    start: (ids) => run.mutate(ids),
    stop: () => stopper.current?.abort(),
  };
}

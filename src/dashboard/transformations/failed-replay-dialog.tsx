import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Frame } from "../replays/frame.tsx";
import { ProgressBar } from "../replays/progress-bar.tsx";
import { countText, partText } from "../replays/words.ts";
import { ResourceLink } from "../shell/resource-link.tsx";
import { Failed } from "../ui/states.tsx";
import { type FailedCount, countFailed } from "./failed-replay.ts";
import { type FailedRun, useFailedReplay } from "./use-failed-replay.ts";

type FailedReplayDialogProps = { readonly id: string; readonly name: string; readonly onClose: () => void };

/** Counts the events for which a transformation failed, asks, replays them, and says what came of it. */
export function FailedReplayDialog({ id, name, onClose }: FailedReplayDialogProps) {
  const run = useFailedReplay(id);
  const key = useId();
  const [found, setFound] = useState(0);
  const counted = useQuery({
    // Not among what is read again after a change: the question stays as it was asked.
    queryKey: ["transformation-replays", id, key],
    queryFn: ({ signal }) => countFailed(id, { signal, onFound: setFound }),
    staleTime: Infinity,
    gcTime: 0,
  });
  // Closing would end a run in silence: its button stops it instead.
  const closeUnlessBusy = (next: boolean): void => {
    if (!next && !run.isRunning) onClose();
  };
  return (
    <Dialog.Root open onOpenChange={closeUnlessBusy} role="alertdialog">
      <Dialog className="dialog">
        {counted.data === undefined ? (
          <Frame title="Replay failed events" onClose={onClose}>
            {counted.isError ? (
              <Failed error={counted.error} onRetry={() => void counted.refetch()} />
            ) : (
              <p className="muted" role="status">
                {found === 0 ? "Counting…" : `Counting… ${countText(found, "event")} so far`}
              </p>
            )}
          </Frame>
        ) : run.isStarted ? (
          <Progress run={run} total={counted.data.count} onClose={onClose} />
        ) : (
          <Question name={name} counted={counted.data} onStart={run.start} onClose={onClose} />
        )}
      </Dialog>
    </Dialog.Root>
  );
}

type QuestionProps = {
  readonly name: string;
  readonly counted: FailedCount;
  readonly onStart: () => void;
  readonly onClose: () => void;
};

function Question({ name, counted: { count, isExact }, onStart, onClose }: QuestionProps) {
  if (count === 0) {
    return (
      <Frame title="There is nothing to replay" onClose={onClose} close="Close">
        <p className="muted">No event of its integrations is left for which it failed.</p>
      </Frame>
    );
  }
  const verb = `Replay ${isExact ? "" : "at least "}${countText(count, "event")}`;
  return (
    <Frame
      title={`${verb}?`}
      onClose={onClose}
      action={
        <Button variant="primary" onClick={onStart}>
          {verb}
        </Button>
      }
    >
      <Dialog.Description className="muted">
        The saved code of <bdi>{name}</bdi> runs again over the payloads that arrived, newest first. Routes then decide
        which destinations receive the events. It ends early if the code fails for several in a row.
      </Dialog.Description>
    </Frame>
  );
}

function titleOf({ totals, isRunning, error }: FailedRun): string {
  if (isRunning) return "Replaying failed events";
  const replayed = `${countText(totals.replayed, "event")} replayed`;
  return totals.next_cursor === null && error === null ? replayed : `Stopped: ${replayed}`;
}

type ProgressProps = { readonly run: FailedRun; readonly total: number; readonly onClose: () => void };

function Progress({ run, total, onClose }: ProgressProps) {
  const { totals, isRunning, error, start, stop } = run;
  const most = Math.max(total, totals.count);
  const isWhole = totals.next_cursor === null && error === null;
  return (
    <Frame
      title={titleOf(run)}
      onClose={isRunning ? stop : onClose}
      close={isRunning ? "Stop" : "Close"}
      action={
        isRunning || isWhole ? null : (
          <Button variant="primary" onClick={start}>
            {totals.stopped ? "Continue behind them" : "Continue"}
          </Button>
        )
      }
    >
      <div className="replay-progress">
        <ProgressBar label="Events run again" value={totals.count} max={most} />
        <p className="muted" role="status">
          {totals.failed === 0
            ? partText(totals.count, most, "event")
            : `${partText(totals.count, most, "event")}, ${totals.failed} failed again`}
        </p>
      </div>
      {error === null ? null : (
        <p className="note" role="alert">
          {error}
        </p>
      )}
      {isRunning || !totals.stopped || isWhole ? null : (
        <p className="note">The code fails for one event after the other, so the replay ended early. Mend it first.</p>
      )}
      {totals.failures.length === 0 ? null : (
        <ul className="replay-notes" aria-label="Failed again">
          {totals.failures.map(({ event_id, note }) => (
            <li key={event_id}>
              <ResourceLink id={event_id}>
                <bdi>{event_id}</bdi>
              </ResourceLink>{" "}
              <bdi>{note}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}

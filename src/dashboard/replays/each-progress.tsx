import { Button } from "@cloudflare/kumo/components/button";
import { Frame } from "./frame.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import type { EachRun } from "./use-replay-each.ts";
import { countText, partText } from "./words.ts";

type EachProgressProps = {
  readonly ids: readonly string[];
  readonly run: EachRun;
  readonly onClose: () => void;
};

/** The reasons of refusals, each with its number. */
function reasonsOf({ done }: EachRun): readonly (readonly [reason: string, count: number])[] {
  const refusals = [...done.values()].filter((why) => why !== null);
  return [...Map.groupBy(refusals, (why) => why)].map(([why, all]) => [why, all.length]);
}

/** How far the replay of single events is, and what came of it. */
export function EachProgress({ ids, run, onClose }: EachProgressProps) {
  const { done, isRunning, error, start, stop } = run;
  const reasons = reasonsOf(run);
  const replayed = done.size - reasons.reduce((sum, [, count]) => sum + count, 0);
  const isWhole = done.size === ids.length;
  const ended = isWhole
    ? `${countText(replayed, "event")} replayed`
    : `Stopped after ${partText(done.size, ids.length, "event")}`;
  return (
    <Frame
      title={isRunning ? `Replaying ${countText(ids.length, "event")}` : ended}
      onClose={isRunning ? stop : onClose}
      close={isRunning ? "Stop" : "Close"}
      action={
        isRunning || isWhole ? null : (
          <Button variant="primary" onClick={() => start(ids)}>
            Continue
          </Button>
        )
      }
    >
      <div className="replay-progress">
        <ProgressBar label="Events replayed" value={done.size} max={ids.length} />
        <p className="muted" role="status">
          {isRunning ? partText(done.size, ids.length, "event") : "Open an event to see its new deliveries."}
        </p>
      </div>
      {error === null ? null : (
        <p className="note" role="alert">
          {error}
        </p>
      )}
      {reasons.length === 0 ? null : (
        <ul className="replay-notes">
          {reasons.map(([why, count]) => (
            <li key={why}>
              {`${countText(count, "event")} not replayed: `}
              <bdi>{why}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}

import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Replay, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { useMay } from "../session/session.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { durationText } from "../ui/time-text.ts";
import { notifyFailure } from "../ui/toasts.ts";
import { Frame } from "./frame.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { replayQuery } from "./replay-query.ts";
import { countText, partText } from "./words.ts";

type BulkProgressProps = { readonly id: string; readonly onClose: () => void };

/** How far a bulk replay is. The gateway runs it, so it continues when this is closed. */
export function BulkProgress({ id, onClose }: BulkProgressProps) {
  const { data, error, refetch } = useQuery(replayQuery(id));
  return (
    <Dialog.Root open onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog className="dialog">
        {data !== undefined ? (
          <Progress replay={data} onClose={onClose} />
        ) : (
          <Frame title="Replay" onClose={onClose} close="Close">
            {error === null ? <Loading rows={1} /> : <Failed error={error} onRetry={() => void refetch()} />}
          </Frame>
        )}
      </Dialog>
    </Dialog.Root>
  );
}

function titleOf({ status, count, replayed, failed }: Replay): string {
  switch (status) {
    case "running":
      return `Replaying ${countText(count, "delivery")}`;
    case "done":
      return `${countText(replayed, "delivery")} replayed`;
    case "cancelled":
      return `Stopped after ${partText(replayed + failed, count, "delivery")}`;
  }
}

function Progress({ replay, onClose }: { readonly replay: Replay; readonly onClose: () => void }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const { id, status, count, replayed, failed, rate_per_second } = replay;
  const done = replayed + failed;
  const stop = useMutation({
    mutationFn: async () => unwrap(await client.replays.cancel(id)),
    onSuccess: (stopped) => showResult(queries, replayQuery(id).queryKey, stopped),
    onError: (error) => notifyFailure("The replay was not stopped", error),
  });
  const isRunning = status === "running";
  const leftMs = (Math.max(0, count - done) / rate_per_second) * 1_000;
  return (
    <Frame
      title={titleOf(replay)}
      onClose={onClose}
      close="Close"
      action={
        isRunning && may ? (
          <Button variant="secondary" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop
          </Button>
        ) : null
      }
    >
      <div className="replay-progress">
        <ProgressBar label="Deliveries replayed" value={done} max={Math.max(count, done)} />
        <p className="muted" role="status">
          {isRunning
            ? `${partText(done, count, "delivery")}, about ${durationText(leftMs)} left. The gateway continues if you close this.`
            : "The list shows what comes of the new deliveries."}
        </p>
      </div>
      {failed === 0 ? null : (
        <p className="note">{`${countText(failed, "delivery")} not replayed: their events are no longer on record.`}</p>
      )}
    </Frame>
  );
}

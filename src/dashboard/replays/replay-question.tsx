import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { Failed } from "../ui/states.tsx";
import { notifyFailure } from "../ui/toasts.ts";
import { EachProgress } from "./each-progress.tsx";
import { Frame, LeftOut } from "./frame.tsx";
import { type BulkRequest, type ReplayPlan, planReplay } from "./plan.ts";
import { MAX_IDS, type Replayable } from "./scope.ts";
import type { EachRun } from "./use-replay-each.ts";
import { type Unit, countText } from "./words.ts";

type ReplayQuestionProps = {
  /** Names this replay, so that a request that is sent twice starts it once. */
  readonly runKey: string;
  readonly replayable: Replayable;
  /** Runs a replay of single events. */
  readonly each: EachRun;
  readonly onClose: () => void;
  /** Called with the id of a bulk replay that the gateway has started. */
  readonly onStarted: (id: string) => void;
};

/** Counts what would be replayed, asks, and starts it. */
export function ReplayQuestion(props: ReplayQuestionProps) {
  const { runKey, replayable, each, onClose } = props;
  const [found, setFound] = useState(0);
  const plan = useQuery({
    queryKey: ["replays", "plan", runKey],
    queryFn: ({ signal }) => planReplay(replayable.scope, { signal, onFound: setFound }),
    staleTime: Infinity,
    gcTime: 0,
  });
  const unit = replayable.scope.by === "events" ? "event" : "delivery";
  if (plan.data === undefined) {
    return (
      <Frame title="Replay all" onClose={onClose}>
        {plan.isError ? (
          <Failed error={plan.error} onRetry={() => void plan.refetch()} />
        ) : (
          <p className="muted" role="status">
            {found === 0 ? "Counting…" : `Counting… ${countText(found, unit)} so far`}
          </p>
        )}
      </Frame>
    );
  }
  if (each.ids !== null) return <EachProgress ids={each.ids} run={each} onClose={onClose} />;
  return <Question {...props} plan={plan.data} unit={unit} />;
}

type QuestionProps = ReplayQuestionProps & { readonly plan: ReplayPlan; readonly unit: Unit };

function Question({ runKey, replayable, each, plan, unit, onClose, onStarted }: QuestionProps) {
  const { count, isExact, isWhole, run } = plan;
  const start = useMutation({
    mutationFn: async (request: BulkRequest) => {
      const options = { idempotency_key: runKey, max_retries: 2 };
      const started = unwrap(await client.replays.create({ ...request, dry_run: false }, options));
      return "id" in started ? started.id : null;
    },
    onSuccess: (id) => (id === null ? onClose() : onStarted(id)),
    onError: (error) => notifyFailure("The replay was not started", error),
  });
  if (count === 0) {
    return (
      <Frame title="There is nothing to replay" onClose={onClose} close="Close">
        <p className="muted">Nothing that the filter shows can be replayed.</p>
        <LeftOut leavesOut={replayable.leavesOut} />
      </Frame>
    );
  }
  const verb = `Replay ${isExact ? "" : "at least "}${countText(count, unit)}`;
  const bounds = [
    ...(isExact ? [] : ["The count stopped at 100,000 events. The replay goes on to the end."]),
    ...(isWhole ? [] : [`The list has more: these are the newest of at most ${countText(MAX_IDS, unit)}.`]),
  ];
  return (
    <Frame
      title={`${verb}?`}
      onClose={onClose}
      action={
        <Button
          variant="primary"
          loading={start.isPending}
          onClick={() => (run.kind === "each" ? each.start(run.ids) : start.mutate(run.request))}
        >
          {verb}
        </Button>
      }
    >
      <Dialog.Description className="muted">{[replayable.does, ...bounds].join(" ")}</Dialog.Description>
      <LeftOut leavesOut={replayable.leavesOut} />
    </Frame>
  );
}

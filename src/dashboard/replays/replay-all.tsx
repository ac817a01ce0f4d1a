import { ArrowUUpRightIcon } from "@phosphor-icons/react/dist/csr/ArrowUUpRight";
import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { useState } from "react";
import { useMay } from "../session/session.ts";
import { ReplayQuestion } from "./replay-question.tsx";
import type { Replayable } from "./scope.ts";
import { useReplayEach } from "./use-replay-each.ts";

/** A question that is open, and what it is about. The key names the replay. */
type Asked = { readonly key: string; readonly replayable: Replayable };

type ReplayAllProps = {
  /** The time of the newest row. The replay includes it, whatever the clock of this computer says. */
  readonly newest: string | undefined;
  /** Returns what the list shows at this time; null if nothing of it can be replayed. */
  readonly replayableAt: (nowMs: number) => Replayable | null;
  /** Called with the id of a replay that the gateway has started. */
  readonly onStarted: (id: string) => void;
};

/** Replays everything that the filter of a list shows, after a question with the number. */
export function ReplayAll({ newest, replayableAt, onStarted }: ReplayAllProps) {
  const may = useMay("write");
  const [asked, setAsked] = useState<Asked | null>(null);
  if (!may) return null;
  const ask = (): void => {
    const replayable = replayableAt(Math.max(Date.now(), Date.parse(newest ?? "") || 0));
    setAsked(replayable === null ? null : { key: crypto.randomUUID(), replayable });
  };
  return (
    <>
      <Button size="sm" variant="secondary" icon={<ArrowUUpRightIcon aria-hidden="true" />} onClick={ask}>
        Replay all
      </Button>
      {asked === null ? null : (
        <ReplayDialog key={asked.key} asked={asked} onClose={() => setAsked(null)} onStarted={onStarted} />
      )}
    </>
  );
}

type ReplayDialogProps = {
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
};

function ReplayDialog({ asked: { key, replayable }, onClose, onStarted }: ReplayDialogProps) {
  const each = useReplayEach(key);
  // Closing would end a run in silence: its button stops it instead.
  const closeUnlessBusy = (next: boolean): void => {
    if (!next && !each.isRunning) onClose();
  };
  const start = (id: string): void => {
    onClose();
    onStarted(id);
  };
  return (
    <Dialog.Root open onOpenChange={closeUnlessBusy} role="alertdialog">
      <Dialog className="dialog">
        <ReplayQuestion runKey={key} replayable={replayable} each={each} onClose={onClose} onStarted={start} />
      </Dialog>
    </Dialog.Root>
  );
}

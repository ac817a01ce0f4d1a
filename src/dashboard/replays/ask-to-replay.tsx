import { ArrowUUpRightIcon } from "@phosphor-icons/react/dist/csr/ArrowUUpRight";
import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Confirm } from "../ui/confirm.tsx";

type AskToReplayProps = {
  readonly title: string;
  readonly isPending: boolean;
  /** Is called with a key of its own each time, which makes a request that is sent twice one replay. */
  readonly onReplay: (key: string) => void;
  /** What happens if the answer is yes. */
  readonly children: ReactNode;
};

/** The button and the key `r` that repeat something after a question. */
export function AskToReplay({ title, isPending, onReplay, children }: AskToReplayProps) {
  const [isAsking, setIsAsking] = useState(false);
  useShortcuts({ r: () => setIsAsking(true) });
  return (
    <>
      <Button
        size="sm"
        variant="primary"
        icon={<ArrowUUpRightIcon aria-hidden="true" />}
        loading={isPending}
        onClick={() => setIsAsking(true)}
      >
        Replay
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => onReplay(crypto.randomUUID())}
        title={title}
        action="Replay"
      >
        {children}
      </Confirm>
    </>
  );
}

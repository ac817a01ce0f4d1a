import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import type { ReactNode } from "react";

type ConfirmProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  /** The verb of the action, such as "Replay". */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly children: ReactNode;
};

/** Asks before something that cannot be undone or that others will notice. */
export function Confirm({ isOpen, onClose, onConfirm, title, action, isDangerous = false, children }: ConfirmProps) {
  const confirm = (): void => {
    // A question that decides a navigation is answered by the first of the two.
    onConfirm();
    onClose();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())} role="alertdialog">
      <Dialog className="dialog">
        <Dialog.Title className="dialog-title">{title}</Dialog.Title>
        <Dialog.Description className="muted">{children}</Dialog.Description>
        <div className="dialog-actions">
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button variant={isDangerous ? "destructive" : "primary"} onClick={confirm}>
            {action}
          </Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}

import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import type { ReactNode } from "react";

type FrameProps = {
  readonly title: string;
  readonly onClose: () => void;
  /** The text of the button that closes. */
  readonly close?: string;
  /** The button of what to do, if there is something. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
};

/** The content of a dialog about a replay. */
export function Frame({ title, onClose, close = "Cancel", action, children }: FrameProps) {
  return (
    <>
      <Dialog.Title className="dialog-title">{title}</Dialog.Title>
      {children}
      <div className="dialog-actions">
        <Button variant="secondary" onClick={onClose}>
          {close}
        </Button>
        {action}
      </div>
    </>
  );
}

/** What a replay leaves out. */
export function LeftOut({ leavesOut }: { readonly leavesOut: readonly string[] }) {
  return (
    <div className="replay-notes muted">
      <p>It leaves out:</p>
      <ul>
        {leavesOut.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

import { Button } from "@cloudflare/kumo/components/button";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { type ReactNode, useState } from "react";
import { TextField } from "../forms/fields.tsx";

/** How long what is replaced stays valid. The gateway allows at most a week. */
const OVERLAPS = [
  { seconds: 86_400, label: "for 24 hours" },
  { seconds: 3_600, label: "for one hour" },
  { seconds: 604_800, label: "for 7 days" },
  { seconds: 0, label: "no longer: end it at once, as after a leak" },
] as const;

export type Rotation = { readonly overlapSeconds: number; readonly secret: string };

type RotateDialogProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRotate: (rotation: Rotation) => void;
  readonly title: string;
  readonly action: string;
  /** What is replaced, such as "token". */
  readonly what: string;
  /** Whether a secret that the vendor issued can be entered. */
  readonly takesSecret?: boolean;
  readonly children: ReactNode;
};

/** Asks before a rotation, and how long the replaced credential or URL stays valid. */
export function RotateDialog({
  isOpen,
  onClose,
  onRotate,
  title,
  action,
  what,
  takesSecret = false,
  children,
}: RotateDialogProps) {
  const [seconds, setSeconds] = useState<number>(OVERLAPS[0].seconds);
  const [secret, setSecret] = useState("");
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())} role="alertdialog">
      <Dialog className="dialog">
        <Dialog.Title className="dialog-title">{title}</Dialog.Title>
        <Dialog.Description className="muted">{children}</Dialog.Description>
        <form
          className="rotation"
          onSubmit={(event) => {
            event.preventDefault();
            onClose();
            onRotate({ overlapSeconds: seconds, secret });
            setSecret("");
          }}
        >
          {takesSecret ? (
            <TextField
              label="New secret"
              path="secret"
              type="password"
              hint="Empty lets the gateway generate one, unless the vendor issues it."
              value={secret}
              onChange={setSecret}
            />
          ) : null}
          <fieldset className="overlaps">
            <legend>{`The present ${what} works`}</legend>
            {OVERLAPS.map((overlap) => (
              <label key={overlap.seconds}>
                <input
                  type="radio"
                  name="overlap"
                  checked={overlap.seconds === seconds}
                  onChange={() => setSeconds(overlap.seconds)}
                />
                {overlap.label}
              </label>
            ))}
          </fieldset>
          <div className="dialog-actions">
            <Button type="button" variant="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="primary">
              {action}
            </Button>
          </div>
        </form>
      </Dialog>
    </Dialog.Root>
  );
}

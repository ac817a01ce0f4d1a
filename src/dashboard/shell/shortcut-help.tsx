import { Dialog } from "@cloudflare/kumo/components/dialog";
import { useState } from "react";
import { SHORTCUTS, useShortcuts } from "./shortcuts.ts";

export function ShortcutHelp() {
  const [isOpen, setIsOpen] = useState(false);
  useShortcuts({ "?": () => setIsOpen(true) });
  return (
    <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
      <Dialog className="dialog">
        <Dialog.Title className="dialog-title">Keyboard</Dialog.Title>
        <dl className="shortcut-list">
          {SHORTCUTS.map(({ key, does }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </Dialog.Root>
  );
}

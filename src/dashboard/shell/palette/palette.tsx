import { Suspense, lazy, useCallback, useEffect, useState } from "react";
import { isDialogOpen } from "../shortcuts.ts";

const CommandPalette = lazy(async () => ({ default: (await import("./command-palette.tsx")).CommandPalette }));

/** Whether the command palette is open. Ctrl and K, or Cmd and K, open it, also from a field. */
export function usePalette(): { readonly isOpen: boolean; readonly open: () => void; readonly close: () => void } {
  const [isOpen, setIsOpen] = useState(false);
  const open = useCallback(() => setIsOpen(true), []);
  const close = useCallback(() => setIsOpen(false), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isChord || event.key.toLowerCase() !== "k" || event.defaultPrevented) return;
      event.preventDefault();
      if (!isDialogOpen()) open();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [open]);
  return { isOpen, open, close };
}

/** The palette, which is loaded when it is first opened. What is typed until then is kept. */
export function PaletteHost({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const loading = (
    <div className="palette-loading" role="dialog" aria-label="Search or go to">
      <input autoFocus aria-label="Search or go to" value={text} onChange={(event) => setText(event.target.value)} />
    </div>
  );
  return (
    <Suspense fallback={loading}>
      <CommandPalette text={text} onType={setText} onClose={onClose} />
    </Suspense>
  );
}

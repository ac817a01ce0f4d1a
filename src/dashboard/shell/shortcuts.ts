import { useEffect, useRef } from "react";

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);
/** The keys that open the command palette. */
export const PALETTE_KEYS = IS_APPLE ? "⌘ K" : "Ctrl K";

/** All keys, as the help shows them. */
export const SHORTCUTS = [
  { key: PALETTE_KEYS, does: "Search everything, or go to a page" },
  { key: "/", does: "Search the list" },
  { key: "j", does: "Select the next row" },
  { key: "k", does: "Select the previous row" },
  { key: "r", does: "Replay the selected event or delivery, after a question" },
  { key: "a", does: "Acknowledge the selected alert" },
  { key: "e", does: "Resolve the selected alert" },
  { key: "Esc", does: "Close what is open" },
  { key: "?", does: "Show these keys" },
] as const;

/** A toast is a dialog that is not modal: it takes no keys. */
const OPEN_DIALOG =
  "[role='dialog']:not([aria-modal='false']), [role='alertdialog']:not([aria-modal='false']), dialog[open]";

type Keys = Readonly<Record<string, () => void>>;

/** Whether something modal is open over the page. */
export function isDialogOpen(): boolean {
  return document.querySelector(OPEN_DIALOG) !== null;
}

/** Whether a key means text, or belongs to something that is open over the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  if (!(event.target instanceof HTMLElement)) return false;
  const inField = event.target.closest(
    "input, textarea, select, [contenteditable], [role='combobox'], [role='listbox']",
  );
  return inField !== null || isDialogOpen();
}

/** Calls a function when its key is pressed outside of fields and dialogs. */
export function useShortcuts(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = isTaken(event) ? undefined : latest.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

import { useState } from "react";

/**
 * Returns a form's draft, what it was made of, and a function that begins anew with what was saved. `enabled` is that of the stored
 * object: buttons beside the form change it, too, and the draft follows.
 */
export function useDraft<Draft extends { readonly enabled: boolean }>(make: () => Draft, enabled: boolean) {
  const [before, setBefore] = useState(make);
  const [draft, setDraft] = useState(before);
  const [known, setKnown] = useState(enabled);
  if (known !== enabled) {
    setKnown(enabled);
    setBefore({ ...before, enabled });
    setDraft({ ...draft, enabled });
  }
  const restart = (saved: Draft): void => {
    setBefore(saved);
    setDraft(saved);
  };
  return { before, draft, setDraft, restart };
}

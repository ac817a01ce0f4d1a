import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { writeJson } from "../../model/portable-json.ts";
import { Confirm } from "../ui/confirm.tsx";

/** The parameter that chooses the tab of a page. */
export const VIEW: readonly string[] = ["view"];

type UnsavedProps = {
  readonly isChanged: boolean;
  /** The parameters of the address that choose this form: with another value of one, it is gone. */
  readonly parameters: readonly string[];
};

function valueOf(search: object, name: string): unknown {
  return new Map<string, unknown>(Object.entries(search)).get(name);
}

/** Asks before a navigation that would lose the changes of a form. A closed or reloaded window is not asked. */
export function Unsaved({ isChanged, parameters }: UnsavedProps) {
  const { status, proceed, reset } = useBlocker({
    disabled: !isChanged,
    withResolver: true,
    enableBeforeUnload: false,
    shouldBlockFn: ({ current, next }) => {
      // A session that has ended leads to the login, whatever is unsaved.
      if (next.pathname === "/login") return false;
      const isOtherView = parameters.some((name) => valueOf(current.search, name) !== valueOf(next.search, name));
      return current.pathname !== next.pathname || isOtherView;
    },
  });
  return (
    <Confirm
      isOpen={status === "blocked"}
      onClose={() => reset?.()}
      onConfirm={() => proceed?.()}
      title="Leave without saving?"
      action="Leave"
      isDangerous
    >
      What you changed in this form is lost.
    </Confirm>
  );
}

/** Whether two drafts of a form differ in what they would save. */
export function differs(before: object, after: object): boolean {
  return writeJson(before) !== writeJson(after);
}

/** Whether a draft differs from the one that the form began with, or that was saved last. */
export function useIsChanged(draft: object, isSaving: boolean, error: unknown): boolean {
  const text = writeJson(draft);
  const [saved, setSaved] = useState(text);
  const [sent, setSent] = useState<string | null>(null);
  if (isSaving && sent === null) setSent(text);
  if (!isSaving && sent !== null) {
    setSent(null);
    if (error === null) setSaved(sent);
  }
  return text !== saved;
}

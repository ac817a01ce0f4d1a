import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { javascript, javascriptLanguage } from "@codemirror/lang-javascript";
import { type EditorView, keymap } from "@codemirror/view";
import { useEffect, useMemo, useRef } from "react";
import type { Json } from "../../model/json.ts";
import { CodeMirror, type CodeMirrorProps } from "../forms/code-mirror.tsx";
import { completionsFor } from "./completions.ts";
import type { Kind } from "./search.ts";

export type JavaScriptMirrorProps = Omit<CodeMirrorProps, "language" | "extension"> & {
  /** What the code gets in the preview; undefined if it is not known. */
  readonly input?: Json | undefined;
  readonly kind: Kind;
  /** Called for Ctrl+S or ⌘S, with the text that the editor shows. The form may not have been rendered with it yet. */
  readonly onSave?: ((code: string) => void) | undefined;
};

/** The editor of code. It completes the fields of the event that the preview shows. */
export function JavaScriptMirror({ input, kind, onSave, ...props }: JavaScriptMirrorProps) {
  const latest = useRef({ input, kind, onSave });
  useEffect(() => {
    latest.current = { input, kind, onSave };
  });
  const extension = useMemo(() => {
    const complete = (context: CompletionContext): CompletionResult | null => {
      const typed = context.matchBefore(/[\p{L}_$][\p{L}\p{N}_$.]*\.[\p{L}\p{N}_$]*/u);
      if (typed === null) return null;
      const known = completionsFor(context.state.doc.toString(), typed.text, latest.current.input, latest.current.kind);
      const from = typed.from + typed.text.lastIndexOf(".") + 1;
      return { from, options: known.map((each) => ({ ...each, type: "property" })), validFor: /^[\p{L}\p{N}_$]*$/u };
    };
    const save = ({ state }: EditorView): boolean => {
      latest.current.onSave?.(state.doc.toString());
      return true;
    };
    return [
      javascript(),
      javascriptLanguage.data.of({ autocomplete: complete }),
      keymap.of([{ key: "Mod-s", run: save, preventDefault: true }]),
    ];
  }, []);
  return <CodeMirror {...props} language="text" extension={extension} />;
}

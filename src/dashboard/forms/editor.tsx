import { Suspense, lazy, useId } from "react";
import type { CodeMirrorProps } from "./code-mirror.tsx";
import { useFieldError } from "./form.tsx";

const CodeMirror = lazy(async () => ({ default: (await import("./code-mirror.tsx")).CodeMirror }));

type EditorProps = CodeMirrorProps & {
  /** The path of the field in the body, such as `payload.body`. */
  readonly path?: string;
  readonly hint?: string;
};

/** An editor for JSON, YAML or a template, with errors at their line. It is loaded when a page first shows one. */
export function Editor({ path, hint, ...props }: EditorProps) {
  const error = useFieldError(path ?? "");
  const labelId = useId();
  return (
    <div className="editor-field" role="group" aria-labelledby={labelId}>
      <span id={labelId} className="editor-label">
        {props.label}
      </span>
      <Suspense fallback={<div className="editor-loading" role="status" aria-label={`Loading ${props.label}`} />}>
        <CodeMirror {...props} />
      </Suspense>
      {hint === undefined ? null : <p className="muted small">{hint}</p>}
      {path === undefined || error === undefined ? null : (
        <p className="form-error" aria-live="polite">
          {error}
        </p>
      )}
    </div>
  );
}

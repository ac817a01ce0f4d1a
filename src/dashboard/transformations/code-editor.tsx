import { Suspense, lazy } from "react";
import { useFieldError } from "../forms/form.tsx";
import type { JavaScriptMirrorProps } from "./javascript-mirror.tsx";

const JavaScriptMirror = lazy(async () => ({ default: (await import("./javascript-mirror.tsx")).JavaScriptMirror }));

/** The field with the code of a transformation. The editor is loaded when a page first shows one. */
export function CodeEditor(props: JavaScriptMirrorProps) {
  const error = useFieldError("code");
  return (
    <div className="editor-field code-editor" role="group" aria-label={props.label}>
      <Suspense fallback={<div className="editor-loading" role="status" aria-label={`Loading ${props.label}`} />}>
        <JavaScriptMirror {...props} />
      </Suspense>
      {error === undefined ? null : (
        <p className="form-error" aria-live="polite">
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}

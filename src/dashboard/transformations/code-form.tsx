import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { TransformationDraftPreviewRequest } from "../../client/index.ts";
import { fieldErrorsOf } from "../forms/field-errors.ts";
import { TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { VIEW, differs } from "../forms/unsaved.tsx";
import { useDebounced } from "../ui/use-debounced.ts";
import { CodeEditor } from "./code-editor.tsx";
import { ALL, NEWEST, PreviewChoice, SAMPLE } from "./preview-choice.tsx";
import { PreviewPane } from "./preview-pane.tsx";
import { eventsQuery, previewQuery } from "./queries.ts";
import type { Kind, PreviewSearch } from "./search.ts";

/** Waits until typing pauses: each preview runs the code. */
const PAUSE_MS = 400;

export type CodeDraft = { readonly name: string; readonly external_id: string; readonly code: string };

type CodeFormProps = {
  readonly label: string;
  readonly action: string;
  /** What is stored; null for a new one. */
  readonly stored: CodeDraft | null;
  readonly draft: CodeDraft;
  readonly onChange: (draft: CodeDraft) => void;
  readonly isSaving: boolean;
  readonly error: unknown;
  readonly onSave: (draft: CodeDraft) => void;
  readonly search: PreviewSearch;
  readonly onSearch: (search: PreviewSearch) => void;
  /** The kind of input if the address names none. */
  readonly usual: Kind;
  /** The integration whose events the preview offers if the address names none; "all" for those of all. */
  readonly usualIntegration: string;
  readonly children?: ReactNode;
};

/** The line that a message about the code names; 1 if it names none. */
function lineIn(message: string): number {
  return Number(/\(line (\d+)\)$/u.exec(message)?.[1] ?? 1);
}

/** The body of a preview: a stored event, or a payload that nobody sent if there is none. */
function requestOf(code: string, kind: Kind, eventId: string | undefined): TransformationDraftPreviewRequest {
  const sample = { title: "Disk full", severity: "high", email: "ann@example.com" };
  return { code, kind, ...(eventId === undefined ? { body: sample } : { event_id: eventId }) };
}

/** The editor of a transformation, with its preview beside it. */
export function CodeForm(props: CodeFormProps) {
  const { draft, onChange, search, onSearch, stored, isSaving, error, usual, usualIntegration } = props;
  const kind = search.kind ?? usual;
  const integration = search.integration ?? usualIntegration;
  const { data: events, isPending } = useQuery(eventsQuery(integration === ALL ? undefined : integration));
  const chosen = search.event ?? NEWEST;
  // Events without a deliverable outcome have no envelope.
  const newest = events?.find(({ type }) => kind === "integration" || type !== null)?.id;
  const eventId = chosen === NEWEST ? newest : chosen === SAMPLE ? undefined : chosen;
  const waiting = useDebounced(draft.code, PAUSE_MS);
  const preview = useQuery({ ...previewQuery(requestOf(waiting, kind, eventId)), enabled: !isPending });
  const fault = preview.data?.error ?? null;
  const refused = fieldErrorsOf(error).get("code");
  const problems = [
    ...(fault === null || fault.line === null ? [] : [{ line: fault.line, message: fault.message }]),
    ...(refused === undefined ? [] : [{ line: lineIn(refused), message: refused }]),
  ];
  return (
    <div className="transformation-columns">
      <Form
        label={props.label}
        action={props.action}
        isBusy={isSaving}
        error={error}
        isChanged={stored === null ? draft.name !== "" : differs(stored, draft)}
        parameters={VIEW}
        onSubmit={() => props.onSave(draft)}
      >
        <FormSection title="Transformation">
          {props.children}
          <TextField
            label="Name"
            path="name"
            value={draft.name}
            hasFocus={stored === null}
            onChange={(name) => onChange({ ...draft, name })}
          />
          <CodeEditor
            label="Code"
            value={draft.code}
            problems={problems}
            kind={kind}
            input={preview.data?.input}
            onChange={(code) => onChange({ ...draft, code })}
            onSave={(code) => props.onSave({ ...draft, code })}
          />
          <TextField
            label="External id"
            path="external_id"
            hint="A name of your own, by which the API may address it."
            value={draft.external_id}
            onChange={(external_id) => onChange({ ...draft, external_id })}
          />
        </FormSection>
      </Form>
      <section className="preview" aria-labelledby="preview-title">
        <div className="section-head">
          <h2 id="preview-title">Preview</h2>
        </div>
        <PreviewChoice
          search={search}
          kind={kind}
          integration={integration}
          usualIntegration={usualIntegration}
          events={events ?? []}
          onChange={onSearch}
        />
        <PreviewPane data={preview.data} error={preview.error} />
      </section>
    </div>
  );
}

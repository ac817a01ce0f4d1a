import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Integration, unwrap } from "../../../client/index.ts";
import { client } from "../../api/client.ts";
import { eventTitle } from "../../events/event-title.ts";
import { Editor } from "../../forms/editor.tsx";
import { SelectField } from "../../forms/fields.tsx";
import { Form } from "../../forms/form.tsx";
import { useMay } from "../../session/session.ts";
import { clockTime } from "../../ui/time-text.ts";
import { QueryView } from "../../ui/query-view.tsx";
import { samplesQuery } from "../queries.ts";
import { PreviewResult } from "./preview-result.tsx";
import { type SampleDraft, type StoredSample, draftOfSample, readHeaders } from "./sample.ts";

const route = getRouteApi("/app/integrations/$id");
const OWN = "own";

/** Shows what a request would become, and whether its credentials or its signature would be accepted. */
export function PreviewTab({ integration }: { readonly integration: Integration }) {
  const may = useMay("write");
  const { sample = OWN } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(samplesQuery(integration.id));
  if (!may) return <p className="muted">Your token may not preview requests. It needs the scope write.</p>;
  return (
    <section className="preview-tab" aria-label="Preview">
      <p className="muted">
        Shows what a request would become now, and whether its credentials or its signature would be accepted. Nothing
        is stored or delivered.
      </p>
      <QueryView query={query} label="Loading the latest requests">
        {(samples) => (
          <>
            <SelectField
              label="Request"
              path=""
              value={sample}
              options={[
                { value: OWN, label: "One of my own" },
                ...samples.map(({ event_id, payload, received_at }) => ({
                  value: event_id,
                  label: `${clockTime(new Date(received_at), new Date())} ${titleOf(payload)}`,
                })),
              ]}
              onChange={(chosen) =>
                void navigate({
                  replace: true,
                  search: ({ sample: _sample, ...search }) => (chosen === OWN ? search : { ...search, sample: chosen }),
                })
              }
            />
            <PreviewForm
              key={sample}
              id={integration.id}
              sample={samples.find(({ event_id }) => event_id === sample)}
            />
          </>
        )}
      </QueryView>
    </section>
  );
}

function titleOf(payload: StoredSample["payload"]): string {
  return eventTitle({ title: null, type: null, payload });
}

type PreviewFormProps = { readonly id: string; readonly sample: StoredSample | undefined };

function PreviewForm({ id, sample }: PreviewFormProps) {
  const [draft, setDraft] = useState<SampleDraft>(() => draftOfSample(sample));
  const read = readHeaders(draft.headers);
  const preview = useMutation({
    mutationFn: async (headers: Readonly<Record<string, string>>) =>
      unwrap(await client.integrations.preview(id, draft.body, { headers })),
  });
  return (
    <div className="preview-columns">
      <Form
        label="Request to preview"
        action="Preview"
        isBusy={preview.isPending}
        error={preview.error}
        onSubmit={() => {
          if (read.ok) preview.mutate(read.headers);
        }}
      >
        <Editor
          label="Headers"
          language="text"
          value={draft.headers}
          problems={read.ok ? [] : [read]}
          onChange={(headers) => setDraft({ ...draft, headers })}
          hint="A header on each line. Stored requests lack their credentials and signatures: add them to have them checked."
        />
        {read.ok ? null : <p className="form-error" role="alert">{`Line ${read.line}: ${read.message}`}</p>}
        <Editor label="Body" language="text" value={draft.body} onChange={(body) => setDraft({ ...draft, body })} />
      </Form>
      <div className="preview-result" aria-live="polite">
        {preview.data === undefined ? (
          <p className="muted">The result appears here.</p>
        ) : (
          <PreviewResult preview={preview.data} />
        )}
      </div>
    </div>
  );
}

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Destination, type DestinationPayloadInput, type DestinationPreview, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";
import { eventTitle } from "../events/event-title.ts";
import { Editor } from "../forms/editor.tsx";
import { SelectField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { VIEW, useIsChanged } from "../forms/unsaved.tsx";
import { useMay } from "../session/session.ts";
import { TextBlock } from "../ui/text-block.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { labelOf } from "./kinds.ts";
import { MODES, lineIn, messageOf, payloadDraftOf, payloadInputOf, templateProblems } from "./payload-draft.ts";
import { presetsQuery, previewQuery, recentEventsQuery, renewDestinations } from "./queries.ts";

const route = getRouteApi("/app/destinations/$id");
/** Waits until typing pauses: each preview makes the gateway render the event. */
const PAUSE_MS = 350;
const MODE_NAMES = {
  envelope: "Envelope",
  original: "As it arrived",
  template: "Template",
  preset: "Preset",
} as const;
const NEWEST = "newest";

export function PayloadTab({ destination }: { readonly destination: Destination }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const { data: presets = [] } = useQuery(presetsQuery);
  const [draft, setDraft] = useState(() => payloadDraftOf(destination.payload));
  const input = payloadInputOf(draft, presets);
  const shown = usePaused(input);
  const { event } = route.useSearch();
  const preview = useQuery({
    ...previewQuery(destination.id, event, shown ?? { mode: "envelope" }),
    enabled: may && shown !== null,
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: async (payload: DestinationPayloadInput) =>
      unwrap(await client.destinations.update(destination.id, { payload })),
    onSuccess: async () => {
      notifySuccess("The payload was saved");
      await renewDestinations(queries);
    },
  });
  const isChanged = useIsChanged(draft, save.isPending, save.error);
  if (!may) return <TextBlock label="Payload" text={writeJson(destination.payload, 2)} />;
  const chosen = presets.find(({ name }) => name === draft.preset);
  return (
    <div className="payload-columns">
      <Form
        label="Payload"
        action="Save"
        isBusy={save.isPending}
        error={save.error}
        isChanged={isChanged}
        parameters={VIEW}
        onSubmit={() => {
          if (input !== null) save.mutate(input);
        }}
      >
        <FormSection title="Payload">
          <SelectField
            label="Mode"
            path="payload.mode"
            value={draft.mode}
            options={MODES.map((value) => ({ value, label: MODE_NAMES[value] }))}
            onChange={(mode) => setDraft({ ...draft, mode })}
          />
          {draft.mode === "template" ? (
            <>
              <TextField
                label="Content type"
                path="payload.content_type"
                value={draft.content_type}
                onChange={(content_type) => setDraft({ ...draft, content_type })}
              />
              <Editor
                label="Template"
                language="text"
                value={draft.body}
                problems={templateProblems(preview.error)}
                onChange={(body) => setDraft({ ...draft, body })}
                hint="Liquid over the envelope, with the payload’s fields at the top level: {{ data.alert.title }}."
              />
            </>
          ) : null}
          {draft.mode === "preset" ? (
            <>
              <SelectField
                label="Preset"
                path="payload.preset"
                value={draft.preset}
                options={presets.map(({ name, title }) => ({ value: name, label: title }))}
                onChange={(preset) => setDraft({ ...draft, preset })}
              />
              {chosen?.options.map(({ name, secret, hint }) => (
                <TextField
                  key={name}
                  label={labelOf(name)}
                  path={`payload.options.${name}`}
                  type={secret ? "password" : "text"}
                  value={draft.options[name] ?? ""}
                  onChange={(value) => setDraft({ ...draft, options: { ...draft.options, [name]: value } })}
                  {...optionHint(hint, secret)}
                />
              ))}
            </>
          ) : null}
        </FormSection>
      </Form>
      <section className="preview" aria-labelledby="preview-title">
        <div className="section-head">
          <h2 id="preview-title">Preview</h2>
        </div>
        <EventChoice />
        <PreviewResult query={preview} />
      </section>
    </div>
  );
}

/** What to enter. The gateway does not show a secret, so that its field is empty. */
function optionHint(hint: string | undefined, isSecret: boolean): { readonly hint?: string } {
  const texts = [...(hint === undefined ? [] : [`${hint}.`]), ...(isSecret ? ["Empty keeps the stored one."] : [])];
  return texts.length === 0 ? {} : { hint: texts.join(" ") };
}

/** Returns the value once it has not changed for a moment. */
export function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  const text = writeJson(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
    // The text stands for the value, which is a new object at each rendering.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return paused;
}

/** The event that a preview shows. */
export function EventChoice() {
  const { event = NEWEST } = route.useSearch();
  const navigate = route.useNavigate();
  const { data = [] } = useQuery(recentEventsQuery);
  const events = data.filter(({ type }) => type !== null);
  return (
    <SelectField
      label="Event"
      path="event_id"
      value={event}
      options={[
        { value: NEWEST, label: "The newest event" },
        ...(event === NEWEST || events.some(({ id }) => id === event) ? [] : [{ value: event, label: event }]),
        ...events.map((one) => ({ value: one.id, label: `${eventTitle(one)} (${one.type ?? ""})` })),
      ]}
      onChange={(id) =>
        void navigate({
          replace: true,
          search: ({ event: _event, ...search }) => (id === NEWEST ? search : { ...search, event: id }),
        })
      }
    />
  );
}

type PreviewProps = { readonly query: { readonly data: DestinationPreview | undefined; readonly error: unknown } };

/** What a preview gave, or why it gave nothing. */
export function PreviewResult({ query: { data, error } }: PreviewProps) {
  if (error !== null) {
    return (
      <p className="form-error" role="alert">
        {messageOf(error)}
      </p>
    );
  }
  if (data === undefined) return <p className="muted">Rendering…</p>;
  if (data.ok) {
    return (
      <>
        <p className="muted small">
          <bdi>{data.content_type}</bdi>
          {data.url === undefined ? null : <bdi>{`, to ${data.url}`}</bdi>}
          {data.truncated === undefined ? null : `, the start of ${data.bytes} bytes`}
        </p>
        <TextBlock label="Rendered payload" text={data.body ?? data.body_base64 ?? ""} />
      </>
    );
  }
  return (
    <>
      <p className="form-error" role="alert">
        <bdi>{data.error}</bdi>
      </p>
      {data.rendered === undefined ? null : (
        <Editor
          label="Rendered payload"
          language="json"
          isReadOnly
          value={data.rendered}
          problems={[{ line: lineIn(data.error), message: data.error }]}
        />
      )}
    </>
  );
}

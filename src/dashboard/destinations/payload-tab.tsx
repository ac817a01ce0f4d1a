import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Destination, type DestinationPayloadInput, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";
import { Editor } from "../forms/editor.tsx";
import { SelectField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { VIEW, useIsChanged } from "../forms/unsaved.tsx";
import { useMay } from "../session/session.ts";
import { TextBlock } from "../ui/text-block.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { useDebounced } from "../ui/use-debounced.ts";
import { EventPreview, PREVIEW_AFTER_MS } from "./event-preview.tsx";
import { labelOf } from "./kinds.ts";
import { MODES, payloadDraftOf, payloadInputOf, templateProblems } from "./payload-draft.ts";
import { presetsQuery, previewQuery, renewDestinations } from "./queries.ts";

const route = getRouteApi("/app/destinations/$id");
const MODE_NAMES = {
  envelope: "Envelope",
  original: "As it arrived",
  template: "Template",
  preset: "Preset",
} as const;

export function PayloadTab({ destination }: { readonly destination: Destination }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const { data: presets = [] } = useQuery(presetsQuery);
  const [draft, setDraft] = useState(() => payloadDraftOf(destination.payload));
  const input = payloadInputOf(draft, presets);
  const shown = useDebounced(input, PREVIEW_AFTER_MS);
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
      <EventPreview query={preview} />
    </div>
  );
}

/** What to enter. The gateway does not show a secret, so that its field is empty. */
function optionHint(hint: string | undefined, isSecret: boolean): { readonly hint?: string } {
  const texts = [...(hint === undefined ? [] : [`${hint}.`]), ...(isSecret ? ["Empty keeps the stored one."] : [])];
  return texts.length === 0 ? {} : { hint: texts.join(" ") };
}

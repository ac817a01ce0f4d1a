import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Destination, type DestinationRequestsInput, unwrap } from "../../client/index.ts";
import { MESSAGE_TYPES, type MessageType } from "../../model/event-types.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";
import { fieldErrorsOf } from "../forms/field-errors.ts";
import { Editor } from "../forms/editor.tsx";
import { SelectField, SwitchField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { VIEW, useIsChanged } from "../forms/unsaved.tsx";
import { useMay } from "../session/session.ts";
import { TextBlock } from "../ui/text-block.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { useDebounced } from "../ui/use-debounced.ts";
import { EventPreview, PREVIEW_AFTER_MS } from "./event-preview.tsx";
import { lineIn } from "./payload-draft.ts";
import { renewDestinations, requestPreviewQuery } from "./queries.ts";
import { METHOD_CHOICES, NEW_REQUEST, type RequestDraft, requestDraftsOf, requestsInputOf } from "./request-draft.ts";

const route = getRouteApi("/app/destinations/$id");

/** The requests of a destination by type of event, and what each of them sends. */
export function RequestsTab({ destination }: { readonly destination: Destination }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const [drafts, setDrafts] = useState(() => requestDraftsOf(destination.requests));
  const [type, setType] = useState<MessageType>("alert.created");
  const input = requestsInputOf(drafts);
  const shown = useDebounced({ requests: input, type }, PREVIEW_AFTER_MS);
  const { event } = route.useSearch();
  const preview = useQuery({
    ...requestPreviewQuery(destination.id, event, shown.requests, shown.type),
    enabled: may,
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: async (requests: DestinationRequestsInput) =>
      unwrap(await client.destinations.update(destination.id, { requests })),
    onSuccess: async () => {
      notifySuccess("The requests were saved");
      await renewDestinations(queries);
    },
  });
  const isChanged = useIsChanged(drafts, save.isPending, save.error);
  if (!may) return <TextBlock label="Requests by event type" text={writeJson(destination.requests, 2)} />;
  const draft = drafts[type];
  const change = (next: RequestDraft | undefined): void => {
    const { [type]: _before, ...others } = drafts;
    setDrafts(next === undefined ? others : { ...others, [type]: next });
  };
  return (
    <div className="payload-columns">
      <Form
        label="Requests by event type"
        action="Save"
        isBusy={save.isPending}
        error={save.error}
        isChanged={isChanged}
        parameters={VIEW}
        onSubmit={() => save.mutate(input)}
      >
        <FormSection
          title="Requests by event type"
          hint="A type of event may have another request: a ticket is made when an alert opens and closed when it is resolved."
        >
          <SelectField
            label="Event type"
            path=""
            value={type}
            options={MESSAGE_TYPES.map((value) => ({
              value,
              label: drafts[value] === undefined ? value : `${value} (own request)`,
            }))}
            onChange={setType}
          />
          <SwitchField
            label={`${type} has a request of its own`}
            path=""
            value={draft !== undefined}
            onChange={(isOwn) => change(isOwn ? NEW_REQUEST : undefined)}
          />
          {draft === undefined ? null : (
            <RequestFields key={type} type={type} draft={draft} error={save.error ?? preview.error} onChange={change} />
          )}
        </FormSection>
      </Form>
      <EventPreview query={preview} />
    </div>
  );
}

type FieldsProps = {
  readonly type: MessageType;
  readonly draft: RequestDraft;
  readonly error: unknown;
  readonly onChange: (draft: RequestDraft) => void;
};

function RequestFields({ type, draft, error, onChange }: FieldsProps) {
  const path = `requests.${type}`;
  const problems = (field: string) =>
    [...fieldErrorsOf(error)]
      .filter(([at]) => at === `${path}.${field}` || at.startsWith(`${path}.${field}.`))
      .map(([, message]) => ({ line: lineIn(message), message }));
  return (
    <>
      <SelectField
        label="Method"
        path={`${path}.method`}
        value={draft.method}
        options={METHOD_CHOICES.map((value) => ({ value, label: value === "" ? "The destination’s" : value }))}
        onChange={(method) => onChange({ ...draft, method })}
      />
      <TextField
        label="URL"
        path={`${path}.url`}
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
        hint="Empty is the destination’s. Values after the host are encoded: https://example.com/issue/{{ captured.issue_key }}"
      />
      <TextField
        label="Content type"
        path={`${path}.content_type`}
        value={draft.content_type}
        placeholder="application/json"
        onChange={(content_type) => onChange({ ...draft, content_type })}
      />
      <Editor
        label="Body"
        language="text"
        value={draft.body}
        problems={problems("body")}
        onChange={(body) => onChange({ ...draft, body })}
        hint="A template. Empty sends the destination’s payload."
      />
      <Editor
        label="Headers"
        language="text"
        value={draft.headers}
        problems={problems("headers")}
        onChange={(headers) => onChange({ ...draft, headers })}
        hint="One on each line, such as x-step: close. Secrets belong into the headers of the settings."
      />
      <Editor
        label="Values to keep"
        language="text"
        value={draft.capture}
        problems={problems("capture")}
        onChange={(capture) => onChange({ ...draft, capture })}
        hint="One on each line: a name and the path of a value in the response, such as issue_key = key."
      />
    </>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Integration, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { Editor } from "../forms/editor.tsx";
import { SwitchField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { ManagedNote } from "../forms/managed-note.tsx";
import { VIEW, differs } from "../forms/unsaved.tsx";
import { useDraft } from "../forms/use-draft.ts";
import { useMay } from "../session/session.ts";
import { notifySuccess } from "../ui/toasts.ts";
import { AuthFields } from "./auth-fields.tsx";
import { credentialsOf, revealedQuery } from "./credentials.ts";
import { type IntegrationDraft, changeOf, draftOf, localErrors } from "./draft.ts";
import { OptionFields } from "./option-fields.tsx";
import { TransformationField } from "../transformations/transformation-field.tsx";
import { renewIntegrations } from "./queries.ts";

/** Everything about an integration. Only what was changed is saved. */
export function SettingsTab({ integration }: { readonly integration: Integration }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const { id, type, managed_by, enabled } = integration;
  const { before, draft, setDraft, restart } = useDraft(() => draftOf(integration), enabled);
  const save = useMutation({
    mutationFn: async () => unwrap(await client.integrations.update(id, changeOf(type, before, draft))),
    onSuccess: async (saved) => {
      restart(draftOf(saved));
      if (credentialsOf(saved.auth).length > 0) await showResult(queries, revealedQuery(id).queryKey, saved.auth);
      notifySuccess("The integration was saved");
      await renewIntegrations(queries);
    },
  });
  if (!may) return <p className="muted">Your token may read this integration, but not change it.</p>;
  const errors = localErrors(type, draft);
  return (
    <Form
      label="Settings"
      action="Save"
      isBusy={save.isPending}
      error={save.error}
      errors={errors}
      isChanged={differs(before, draft)}
      parameters={VIEW}
      onSubmit={() => {
        if (errors.size === 0) save.mutate();
      }}
    >
      <ManagedNote kind="integration" by={managed_by} />
      <FormSection title="Integration">
        <TextField label="Name" path="name" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        <TextField
          label="External id"
          path="external_id"
          hint="A name of your own, by which the API may address it."
          value={draft.external_id}
          onChange={(external_id) => setDraft({ ...draft, external_id })}
        />
        <TransformationField
          hint="Code that its events pass before they are routed."
          value={draft.transformation_id}
          onChange={(transformation_id) => setDraft({ ...draft, transformation_id })}
        />
        <SwitchField
          label="Enabled"
          path="enabled"
          hint="A disabled integration refuses every request with the status 410."
          value={draft.enabled}
          onChange={(isOn) => setDraft({ ...draft, enabled: isOn })}
        />
      </FormSection>
      <AuthFields draft={draft.auth} before={before.auth} onChange={(auth) => setDraft({ ...draft, auth })} />
      <OptionFields type={type} draft={draft.options} onChange={(options) => setDraft({ ...draft, options })} />
      <LimitFields draft={draft} onChange={setDraft} />
      <ResponseFields draft={draft} onChange={setDraft} />
    </Form>
  );
}

type FieldsProps = { readonly draft: IntegrationDraft; readonly onChange: (draft: IntegrationDraft) => void };

function LimitFields({ draft, onChange }: FieldsProps) {
  const field = (name: "allowed_ips" | "rate_requests" | "rate_seconds", label: string, path: string, hint: string) => (
    <TextField
      label={label}
      path={path}
      hint={hint}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  );
  return (
    <FormSection title="Limits">
      {field(
        "allowed_ips",
        "Allowed addresses",
        "allowed_ips",
        "Such as 192.0.2.0/24, 203.0.113.7. Empty allows every address.",
      )}
      {field("rate_requests", "Requests per period", "rate_limit.requests", "Empty sets no rate limit.")}
      {field("rate_seconds", "Period in seconds", "rate_limit.period_seconds", "The period of the rate limit.")}
    </FormSection>
  );
}

function ResponseFields({ draft, onChange }: FieldsProps) {
  return (
    <FormSection title="Responses to the sender">
      <Editor
        label="Response"
        path="response"
        language="json"
        hint={'Such as {"status": 202, "body": "thanks"}. Empty returns the usual response.'}
        value={draft.response}
        onChange={(response) => onChange({ ...draft, response })}
      />
      <Editor
        label="Handshake"
        path="handshake"
        language="json"
        hint={
          'How a challenge is echoed, such as {"echo": {"from": "query", "name": "crc_token"}, "as": "text"}. The handshakes of known vendors need none.'
        }
        value={draft.handshake}
        onChange={(handshake) => onChange({ ...draft, handshake })}
      />
    </FormSection>
  );
}

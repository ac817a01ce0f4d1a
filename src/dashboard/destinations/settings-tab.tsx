import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Destination, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { SwitchField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { ManagedNote } from "../forms/managed-note.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { VIEW, differs } from "../forms/unsaved.tsx";
import { useDraft } from "../forms/use-draft.ts";
import { useMay } from "../session/session.ts";
import { notifySuccess } from "../ui/toasts.ts";
import { changeOf, draftOf, localErrors } from "./draft.ts";
import { authTypesOf, hasUrl, optionsOf, typeOf } from "./kinds.ts";
import { TransformationField } from "../transformations/transformation-field.tsx";
import { renewDestinations } from "./queries.ts";
import { AuthFields, PolicyFields, RequestFields, SigningFields } from "./settings-fields.tsx";

/** Everything about a destination but its payload. Only what was changed is saved. */
export function SettingsTab({ destination }: { readonly destination: Destination }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const { before, draft, setDraft, restart } = useDraft(() => draftOf(destination), destination.enabled);
  const isWebhook = destination.type === "webhook";
  const type = typeOf(destination.type);
  const isHttp = type !== undefined && hasUrl(type);
  const save = useMutation({
    mutationFn: async () => unwrap(await client.destinations.update(destination.id, changeOf(before, draft, isHttp))),
    onSuccess: async (saved) => {
      restart(draftOf(saved));
      notifySuccess("The destination was saved");
      await renewDestinations(queries);
    },
  });
  if (!may) return <p className="muted">Your token may read this destination, but not change it.</p>;
  const errors = localErrors(draft);
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
      {save.data?.signing_secret === undefined ? null : (
        <SecretOnce name="Signing secret" value={save.data.signing_secret} />
      )}
      <ManagedNote kind="destination" by={destination.managed_by} />
      <FormSection title="Destination">
        <TextField label="Name" path="name" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        {isHttp ? (
          <TextField
            label="URL"
            path="url"
            type="url"
            value={draft.url}
            onChange={(url) => setDraft({ ...draft, url })}
          />
        ) : null}
        {(type === undefined ? [] : optionsOf(type)).map(({ name, label, hint }) => (
          <TextField
            key={name}
            label={label}
            path={`options.${name}`}
            hint={hint}
            value={draft.options[name] ?? ""}
            onChange={(value) => setDraft({ ...draft, options: { ...draft.options, [name]: value } })}
          />
        ))}
        <TextField
          label="External id"
          path="external_id"
          hint="A name of your own, by which the API may address it."
          value={draft.external_id}
          onChange={(external_id) => setDraft({ ...draft, external_id })}
        />
        <TransformationField
          hint="Code that its payloads pass before they are sent."
          value={draft.transformation_id}
          onChange={(transformation_id) => setDraft({ ...draft, transformation_id })}
        />
        <SwitchField
          label="Enabled"
          path="enabled"
          hint="Disabling it cancels its pending deliveries. Pause it to let them wait."
          value={draft.enabled}
          onChange={(enabled) => setDraft({ ...draft, enabled })}
        />
      </FormSection>
      {isHttp ? (
        <>
          <AuthFields draft={draft.auth} types={authTypesOf(type)} onChange={(auth) => setDraft({ ...draft, auth })} />
          {isWebhook ? (
            <SigningFields draft={draft.signing} onChange={(signing) => setDraft({ ...draft, signing })} />
          ) : null}
          <RequestFields draft={draft} hasMethod={isWebhook} onChange={setDraft} />
        </>
      ) : null}
      <PolicyFields draft={draft} onChange={setDraft} />
    </Form>
  );
}

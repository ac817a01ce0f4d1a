import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { SelectField } from "../forms/fields.tsx";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { SubpageHead } from "../shell/subpage-head.tsx";
import { useTitle } from "../shell/title.ts";
import { Empty } from "../ui/states.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { type CodeDraft, CodeForm } from "./code-form.tsx";
import { ALL } from "./preview-choice.tsx";
import { renewTransformations } from "./queries.ts";
import { CODE_TEMPLATES, templateNamed } from "./templates.ts";

const route = getRouteApi("/app/transformations/new");

export function NewTransformationPage() {
  const may = useMay("write");
  useTitle("Create transformation");
  return (
    <Page name="Transformations">
      <SubpageHead list="transformations" title="Create transformation" />
      {may ? (
        <NewTransformation />
      ) : (
        <Empty title="Your token may not create transformations">It needs the scope write.</Empty>
      )}
    </Page>
  );
}

function NewTransformation() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const template = templateNamed(search.template);
  const [draft, setDraft] = useState<CodeDraft>({ name: "", external_id: "", code: template.code });
  const create = useMutation({
    mutationFn: async ({ name, external_id, code }: CodeDraft) =>
      unwrap(await client.transformations.create({ name, code, external_id: external_id === "" ? null : external_id })),
    onSuccess: async ({ id }) => {
      notifySuccess("The transformation is created");
      await renewTransformations(queries);
      const { template: _template, ...preview } = search;
      await navigate({ to: "/transformations/$id", params: { id }, search: preview, ignoreBlocker: true });
    },
  });
  return (
    <CodeForm
      label="Create transformation"
      action="Create transformation"
      stored={null}
      draft={draft}
      onChange={setDraft}
      isSaving={create.isPending}
      error={create.error}
      onSave={create.mutate}
      search={search}
      onSearch={(to) => void navigate({ replace: true, search: { ...to, template: search.template } })}
      usual="integration"
      usualIntegration={ALL}
    >
      <SelectField
        label="Start from"
        path="template"
        hint={template.note}
        value={template.name}
        options={CODE_TEMPLATES.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={(name) => {
          setDraft({ ...draft, code: templateNamed(name).code });
          void navigate({ replace: true, search: { ...search, template: name } });
        }}
      />
    </CodeForm>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type WholeTransformation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { ManagedNote } from "../forms/managed-note.tsx";
import { useMay } from "../session/session.ts";
import { ChangesLink } from "../shell/changes-link.tsx";
import { Page } from "../shell/page.tsx";
import { SubpageHead } from "../shell/subpage-head.tsx";
import { useTitle } from "../shell/title.ts";
import { QueryView } from "../ui/query-view.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { type CodeDraft, CodeForm } from "./code-form.tsx";
import { ALL } from "./preview-choice.tsx";
import { DeleteButton } from "./delete-button.tsx";
import { FailedEvents } from "./failed-events.tsx";
import { renewTransformations, transformationQuery } from "./queries.ts";
import { RunsTab } from "./runs-tab.tsx";
import { TRANSFORMATION_TABS } from "./search.ts";
import { UsedBy } from "./used-by.tsx";
import { VersionsTab } from "./versions-tab.tsx";

const route = getRouteApi("/app/transformations/$id");
const TAB_NAMES = { code: "Code", versions: "Versions", runs: "Runs" } as const;

export function TransformationPage() {
  const { id } = route.useParams();
  const query = useQuery(transformationQuery(id));
  const may = useMay("write");
  const name = query.data?.name ?? "Transformation";
  useTitle(name);
  return (
    <Page name="Transformations">
      <SubpageHead list="transformations" title={name}>
        <ChangesLink id={id} />
        <span className="spacer" />
        {query.data === undefined || !may ? null : <DeleteButton transformation={query.data} />}
      </SubpageHead>
      <QueryView query={query} label="Loading the transformation">
        {(transformation) => <Tabs key={transformation.id} transformation={transformation} />}
      </QueryView>
    </Page>
  );
}

function Tabs({ transformation }: { readonly transformation: WholeTransformation }) {
  const { view: tab = "code" } = route.useSearch();
  const may = useMay("write");
  const { id, version, code, managed_by } = transformation;
  return (
    <>
      <ManagedNote kind="transformation" by={managed_by} />
      <UsedBy transformation={transformation} />
      {may ? <FailedEvents transformation={transformation} /> : null}
      <nav className="segments" aria-label="Parts of the transformation">
        {TRANSFORMATION_TABS.map((name) => (
          <Link
            key={name}
            to="/transformations/$id"
            params={{ id }}
            replace
            search={name === "code" ? {} : { view: name }}
            className="segment"
            data-selected={name === tab}
            {...(name === tab && { "aria-current": "true" as const })}
          >
            {name === "versions" ? `${TAB_NAMES.versions} (${version})` : TAB_NAMES[name]}
          </Link>
        ))}
      </nav>
      {tab === "code" && may ? <EditCode transformation={transformation} /> : null}
      {tab === "code" && !may ? <TextBlock label="Code" text={code} /> : null}
      {tab === "versions" ? <VersionsTab transformation={transformation} /> : null}
      {tab === "runs" ? <RunsTab id={id} /> : null}
    </>
  );
}

function EditCode({ transformation }: { readonly transformation: WholeTransformation }) {
  const { id, name, external_id, code } = transformation;
  const stored: CodeDraft = { name, external_id: external_id ?? "", code };
  const [draft, setDraft] = useState(stored);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async (saved: CodeDraft) =>
      unwrap(
        await client.transformations.update(id, {
          name: saved.name,
          code: saved.code,
          external_id: saved.external_id === "" ? null : saved.external_id,
        }),
      ),
    onSuccess: async (saved) => {
      notifySuccess(`The transformation is saved as version ${saved.version}`);
      await renewTransformations(queries);
    },
  });
  const isOfDestinations = transformation.integration_ids.length === 0 && transformation.destination_ids.length > 0;
  return (
    <CodeForm
      label={`Transformation ${name}`}
      action="Save"
      stored={stored}
      draft={draft}
      onChange={setDraft}
      isSaving={save.isPending}
      error={save.error}
      onSave={save.mutate}
      search={search}
      onSearch={(to) => void navigate({ replace: true, search: to })}
      usualIntegration={transformation.integration_ids[0] ?? ALL}
      usual={isOfDestinations ? "destination" : "integration"}
    />
  );
}

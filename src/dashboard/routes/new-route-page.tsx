import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type RouteCreation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { SubpageHead } from "../shell/subpage-head.tsx";
import { useTitle } from "../shell/title.ts";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { draftFor, withView } from "./draft.ts";
import { RouteForm } from "./route-form.tsx";
import { sampleQuery } from "./samples-query.ts";

const route = getRouteApi("/app/routes/new");

export function NewRoutePage() {
  const may = useMay("write");
  useTitle("Create route");
  return (
    <Page name="Routes">
      <SubpageHead list="routes" title="Create route" />
      {may ? <NewRoute /> : <Empty title="Your token may not create routes">It needs the scope write.</Empty>}
    </Page>
  );
}

function NewRoute() {
  const { event: eventId, destination, view = "builder" } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  // The first event decides what the form begins with; later ones only show their fields.
  const [firstId] = useState(eventId);
  const sample = useQuery({ ...sampleQuery(firstId ?? ""), enabled: firstId !== undefined });
  const create = useMutation({
    mutationFn: async (body: RouteCreation) => unwrap(await client.routes.create(body)),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["routes"] });
      notifySuccess("The route is created");
      await navigate({ to: "/routes/$id", params: { id }, search: {} });
    },
  });
  if (firstId !== undefined && sample.data === undefined) {
    return sample.error === null ? <Loading label="Loading the event" /> : <Failed error={sample.error} />;
  }
  const draft = draftFor(sample.data, destination);
  const initial = { ...draft, filter: withView(draft.filter, view) };
  return (
    <RouteForm
      initial={initial}
      label="Create route"
      action="Create route"
      hasSwitch
      isSaving={create.isPending}
      error={create.error}
      onSave={create.mutate}
      onCancel={() => void navigate({ to: "/routes", search: {} })}
      eventId={eventId}
      onSelectEvent={(event) => void navigate({ to: ".", replace: true, search: (now) => ({ ...now, event }) })}
      onView={(to) =>
        void navigate({
          to: ".",
          replace: true,
          search: ({ view: _view, ...now }) => (to === "json" ? { ...now, view: to } : now),
        })
      }
    />
  );
}

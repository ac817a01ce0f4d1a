import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Route, type RouteCreation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { ManagedNote } from "../forms/managed-note.tsx";
import { useMay } from "../session/session.ts";
import { ChangesLink } from "../shell/changes-link.tsx";
import { Page } from "../shell/page.tsx";
import { SubpageHead } from "../shell/subpage-head.tsx";
import { useTitle } from "../shell/title.ts";
import { QueryView } from "../ui/query-view.tsx";
import { notifySuccess } from "../ui/toasts.ts";
import { draftOf, withView } from "./draft.ts";
import { RouteActions } from "./route-actions.tsx";
import { RouteForm } from "./route-form.tsx";
import { RouteSummary } from "./route-summary.tsx";
import { routeQuery } from "./routes-query.ts";

const address = getRouteApi("/app/routes/$id");

/** One route: its form, or what it says for a reader. */
export function RoutePage() {
  const { id } = address.useParams();
  const query = useQuery(routeQuery(id));
  const may = useMay("write");
  const name = query.data?.name ?? "Route";
  useTitle(name);
  return (
    <Page name="Routes">
      <SubpageHead list="routes" title={name}>
        <ChangesLink id={id} />
        <span className="spacer" />
        {query.data === undefined || !may ? null : <RouteActions route={query.data} />}
      </SubpageHead>
      <QueryView query={query} label="Loading the route">
        {(route) => (may ? <EditRoute key={route.id} route={route} /> : <RouteSummary route={route} />)}
      </QueryView>
    </Page>
  );
}

function EditRoute({ route }: { readonly route: Route }) {
  const { event, view = "builder" } = address.useSearch();
  const navigate = address.useNavigate();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async ({ enabled: _enabled, ...changes }: RouteCreation) =>
      unwrap(await client.routes.update(route.id, changes)),
    onSuccess: async (saved) => {
      await showResult(queries, routeQuery(route.id).queryKey, saved);
      notifySuccess("The route is saved");
      await queries.invalidateQueries({ queryKey: ["routes", "all"] });
    },
  });
  const draft = draftOf(route);
  return (
    <>
      <ManagedNote kind="route" by={route.managed_by} />
      <RouteForm
        initial={{ ...draft, filter: withView(draft.filter, view) }}
        label={`Route ${route.name}`}
        action="Save"
        hasSwitch={false}
        isSaving={save.isPending}
        error={save.error}
        onSave={save.mutate}
        onCancel={() => void navigate({ to: "/routes", search: {} })}
        eventId={event}
        onSelectEvent={(chosen) =>
          void navigate({ to: ".", replace: true, search: (now) => ({ ...now, event: chosen }) })
        }
        onView={(to) =>
          void navigate({
            to: ".",
            replace: true,
            search: ({ view: _view, ...now }) => (to === "json" ? { ...now, view: to } : now),
          })
        }
      />
    </>
  );
}

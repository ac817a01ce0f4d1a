import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Transformation } from "../../client/index.ts";
import { destinationsQuery, integrationsQuery, transformationsQuery } from "../api/names.ts";
import { CreateLink } from "../shell/create-link.tsx";
import { Page } from "../shell/page.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";

type User = { readonly name: string; readonly transformation_id: string | null };

/** All transformations, and what passes each. */
export function TransformationsPage() {
  const query = useQuery({ ...transformationsQuery, staleTime: 0 });
  const { data: integrations = [] } = useQuery(integrationsQuery);
  const { data: destinations = [] } = useQuery(destinationsQuery);
  return (
    <Page name="Transformations" actions={<CreateLink what="transformation" />}>
      <QueryView query={query} label="Loading transformations">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No transformations yet">
              A transformation is code that an integration’s events pass before they are routed, or a destination’s
              payloads before they are sent.
            </Empty>
          ) : (
            <PlainTable
              label="Transformations"
              columns={["Name", "Version", "Changed", "Used by"]}
              rows={rows.map((each) => ({
                id: each.id,
                cells: cellsOf(each, [...integrations, ...destinations]),
              }))}
            />
          )
        }
      </QueryView>
    </Page>
  );
}

function cellsOf({ id, name, version, updated_at }: Transformation, users: readonly User[]) {
  const names = users.filter(({ transformation_id }) => transformation_id === id).map((user) => user.name);
  return [
    <Link key="name" to="/transformations/$id" params={{ id }} search={{}}>
      <bdi>{name}</bdi>
    </Link>,
    version,
    <Time key="changed" at={updated_at} as="relative" />,
    names.length === 0 ? (
      <span key="users" className="muted">
        nothing
      </span>
    ) : (
      <bdi key="users">{names.join(", ")}</bdi>
    ),
  ];
}

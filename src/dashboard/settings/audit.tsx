import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { type AuditEntry, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { FilterBar, SearchFilter, SelectFilter } from "../lists/filter-bar.tsx";
import { RANGES, startOf } from "../lists/ranges.ts";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { AUDIT_KINDS, auditSearch } from "./audit-search.ts";
import { changedFields } from "./changed-fields.ts";

const route = getRouteApi("/app/settings/audit");

/** Who changed what, newest first. */
export function Audit() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { actor, id, action, kind, range } = search;
  const key = JSON.stringify(search);
  // A range ends when it is chosen: the cursors of one list must all belong to the same start.
  // oxlint-disable-next-line react/exhaustive-deps
  const from = useMemo(() => startOf(range, Date.now()), [key]);
  const pages = useInfiniteQuery({
    queryKey: ["audit", search],
    queryFn: async ({ pageParam, signal }) =>
      unwrap(
        await client.audit.list(
          {
            limit: 50,
            ...(pageParam === "" ? {} : { cursor: pageParam }),
            ...(actor === undefined ? {} : { actor }),
            ...(id === undefined ? {} : { id }),
            ...(action === undefined ? {} : { action }),
            ...(kind === undefined ? {} : { kind }),
            ...(from === undefined ? {} : { from }),
          },
          { signal },
        ),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
  const change = (next: ReturnType<typeof auditSearch>): void =>
    void navigate({ to: ".", search: (now) => auditSearch({ ...now, ...next }) });
  const entries = pages.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">Audit trail</h2>
      <FilterBar isFiltered={key !== "{}"} onClear={() => void navigate({ to: ".", search: {} })}>
        <SearchFilter label="Actor" value={actor} onChange={(value) => change({ actor: value })} />
        <SearchFilter hasKey={false} label="Id" value={id} onChange={(value) => change({ id: value })} />
        <SearchFilter hasKey={false} label="Action" value={action} onChange={(value) => change({ action: value })} />
        <SelectFilter
          label="Kind"
          all="All kinds"
          options={AUDIT_KINDS.map((value) => ({ value, label: value.replace("_", " ") }))}
          value={kind}
          onChange={(value) => change({ kind: value })}
        />
        <SelectFilter
          label="Time"
          all="All time"
          options={RANGES}
          value={range}
          onChange={(value) => change({ range: value })}
        />
      </FilterBar>
      {pages.isPending ? <Loading label="Loading the audit trail" /> : null}
      {pages.isError && entries.length === 0 ? (
        <Failed error={pages.error} onRetry={() => void pages.refetch()} />
      ) : null}
      {pages.isSuccess && entries.length === 0 && !pages.hasNextPage ? (
        <Empty title="No entries">No change on record matches these filters.</Empty>
      ) : null}
      <ul className="audit" aria-label="Audit trail">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      {pages.hasNextPage ? (
        <Button variant="secondary" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Show earlier entries
        </Button>
      ) : null}
    </section>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { at, actor, action, target } = entry;
  const fields = changedFields(entry);
  return (
    <li>
      <details>
        <summary>
          <strong>{action}</strong> <bdi>{target.name ?? target.id}</bdi>
          <span className="muted">
            {" by "}
            <bdi>{actor}</bdi>
            {", "}
            <Time at={at} />
          </span>
        </summary>
        {fields.length === 0 ? <p className="muted">No fields are on record.</p> : null}
        <dl className="changes">
          {fields.map(({ name, before, after }) => (
            <div key={name}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                {before === null ? null : (
                  <del>
                    <bdi>{before}</bdi>
                  </del>
                )}
                {after === null ? null : (
                  <ins>
                    <bdi>{after}</bdi>
                  </ins>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

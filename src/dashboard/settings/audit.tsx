import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { type AuditEntry, unwrap } from "../../client/index.ts";
import { AUDIT_KINDS } from "../../model/audit.ts";
import { client } from "../api/client.ts";
import { useNames } from "../api/names.ts";
import { FilterBar, SearchFilter, SelectFilter } from "../lists/filter-bar.tsx";
import { RANGES, startOf } from "../lists/ranges.ts";
import { ResourceLink, hasPage } from "../shell/resource-link.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { auditSearch } from "./audit-search.ts";
import { changedFields } from "./changed-fields.ts";
import { idParts } from "./id-parts.ts";

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
  // The names decide which entries have a link: without them, the links would push the list down when they come.
  const { isReady } = useNames();
  const entries = isReady ? (pages.data?.pages.flatMap(({ data }) => data) ?? []) : [];
  const isLoading = pages.isPending || (pages.isSuccess && !isReady);
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
      {isLoading ? <Loading label="Loading the audit trail" /> : null}
      {pages.isError && entries.length === 0 ? (
        <Failed error={pages.error} onRetry={() => void pages.refetch()} />
      ) : null}
      {pages.isSuccess && !isLoading && entries.length === 0 && !pages.hasNextPage ? (
        <Empty title="No entries">No change on record matches these filters.</Empty>
      ) : null}
      <ul className="audit" aria-label="Audit trail">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      {pages.hasNextPage && !isLoading ? (
        <Button variant="secondary" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Show earlier entries
        </Button>
      ) : null}
    </section>
  );
}

/** What cannot be looked up any more after the change. */
function isGone({ action, target }: AuditEntry, nameOf: (id: string) => string | null): boolean {
  const isConfig = /^(?:int|dst|rte|trf)_/u.test(target.id);
  return action.endsWith(".deleted") || !hasPage(target.id) || (isConfig && nameOf(target.id) === null);
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { at, actor, actor_name, action, target } = entry;
  const names = useNames();
  const fields = changedFields(entry);
  const name = target.name ?? target.id;
  return (
    <li className="audit-entry">
      <details>
        <summary>
          <strong>{action}</strong> <bdi>{name}</bdi>
          <span className="muted">
            {" by "}
            <bdi title={actor}>{actor_name ?? actor}</bdi>
            {", "}
            <Time at={at} />
          </span>
        </summary>
        {fields.length === 0 ? <p className="muted">No fields are on record.</p> : null}
        <dl className="changes">
          {fields.map(({ name: field, before, after }) => (
            <div key={field}>
              <dt>
                <bdi>{field}</bdi>
              </dt>
              <dd>
                {before === null ? null : (
                  <del>
                    <Value text={before} />
                  </del>
                )}
                {after === null ? null : (
                  <ins>
                    <Value text={after} />
                  </ins>
                )}
              </dd>
            </div>
          ))}
        </dl>
        <p className="small">
          <Link to="/settings/audit" search={{ id: target.id }}>
            All changes of it
          </Link>{" "}
          <Link to="/settings/audit" search={{ actor }}>
            All changes by <bdi>{actor_name ?? actor}</bdi>
          </Link>
        </p>
      </details>
      {isGone(entry, names.find) ? null : (
        <ResourceLink id={target.id} label={`Open ${name}`}>
          Open
        </ResourceLink>
      )}
    </li>
  );
}

/** A value of a field. The ids in it lead to what they name, and show its name. */
function Value({ text }: { readonly text: string }) {
  const names = useNames();
  return (
    <bdi>
      {idParts(text).map(({ text: part, isId }, index) =>
        isId ? (
          <ResourceLink key={`${index} ${part}`} id={part}>
            <bdi title={part}>{names.find(part) ?? part}</bdi>
          </ResourceLink>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}

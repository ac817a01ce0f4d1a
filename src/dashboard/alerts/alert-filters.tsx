import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ALERT_STATUSES, URGENCIES } from "../../model/alert.ts";
import { integrationsQuery } from "../api/names.ts";
import { FilterBar, SearchFilter, SelectFilter } from "../lists/filter-bar.tsx";
import { RANGES } from "../lists/ranges.ts";
import { type AlertSearch, isFiltered } from "./search.ts";

const route = getRouteApi("/app/alerts");

const STATUS_OPTIONS = ALERT_STATUSES.map((value) => ({ value, label: value }));
const URGENCY_OPTIONS = URGENCIES.map((value) => ({ value, label: value }));

export function AlertFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: integrations = [] } = useQuery(integrationsQuery);
  // Each change is a step of the history, so that Back undoes it.
  const change = (changed: AlertSearch): void => {
    void navigate({ to: ".", search: (now) => ({ ...now, ...changed }) });
  };
  const clear = (): void => {
    void navigate({ to: ".", search: ({ live }) => (live === undefined ? {} : { live }) });
  };
  return (
    <FilterBar isFiltered={isFiltered(search)} onClear={clear}>
      <SearchFilter label="Search alerts" value={search.q} onChange={(q) => change({ q })} />
      <SelectFilter
        label="Status"
        all="All, open first"
        options={STATUS_OPTIONS}
        value={search.status}
        onChange={(status) => change({ status })}
      />
      <SelectFilter
        label="Urgency"
        all="All urgencies"
        options={URGENCY_OPTIONS}
        value={search.urgency}
        onChange={(urgency) => change({ urgency })}
      />
      <SelectFilter
        label="Integration"
        all="All integrations"
        options={integrations.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.integration}
        onChange={(integration) => change({ integration })}
      />
      <SelectFilter
        label="Time"
        all="All time"
        options={RANGES}
        value={search.range}
        onChange={(range) => change({ range })}
      />
    </FilterBar>
  );
}

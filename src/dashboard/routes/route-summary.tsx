import { Link } from "@tanstack/react-router";
import type { Route } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { useNames } from "../api/names.ts";
import { Status } from "../ui/status.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { windowText } from "./window-text.ts";

/** What a route says, for a reader who may not change it. */
export function RouteSummary({ route }: { readonly route: Route }) {
  const names = useNames();
  const { enabled, integration_ids, event_types, destination_ids, match, group_window_seconds, group_by } = route;
  return (
    <>
      <dl className="facts">
        <div>
          <dt>State</dt>
          <dd>
            <Status health={enabled ? "ok" : "quiet"}>{enabled ? "enabled" : "disabled"}</Status>
          </dd>
        </div>
        <div>
          <dt>Integrations</dt>
          <dd>
            <bdi>
              {integration_ids === null ? "All integrations" : integration_ids.map(names.integration).join(", ")}
            </bdi>
          </dd>
        </div>
        <div>
          <dt>Event types</dt>
          <dd>{event_types === null ? "All types" : event_types.join(", ")}</dd>
        </div>
        <div>
          <dt>Destinations</dt>
          <dd>
            <bdi>{destination_ids.map(names.destination).join(", ")}</bdi>
          </dd>
        </div>
        <div>
          <dt>Grouping</dt>
          <dd>
            {group_window_seconds === 0 ? "none" : `${windowText(group_window_seconds)} by ${group_by ?? "alert"}`}
          </dd>
        </div>
      </dl>
      <section aria-labelledby="filter-title">
        <h3 id="filter-title">Filter</h3>
        {match === null ? (
          <p className="muted">Without conditions, every event matches.</p>
        ) : (
          <TextBlock label="Filter" text={writeJson(match, 2)} />
        )}
      </section>
      <p>
        <Link to="/routes/explain">Which route takes an event?</Link>
      </p>
    </>
  );
}

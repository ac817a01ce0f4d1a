import { useQuery } from "@tanstack/react-query";
import type { TransformationRunList } from "../../client/index.ts";
import { ResourceLink } from "../shell/resource-link.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { durationText } from "../ui/time-text.ts";
import { Time } from "../ui/time.tsx";
import { runsQuery } from "./queries.ts";

type Run = TransformationRunList["data"][number];

/** The last runs that failed or wrote lines. */
export function RunsTab({ id }: { readonly id: string }) {
  const query = useQuery(runsQuery(id));
  return (
    <QueryView query={query} label="Loading the runs">
      {(runs) =>
        runs.length === 0 ? (
          <Empty title="No run has failed or written a line">
            What the code writes with console.log appears here, and why it failed.
          </Empty>
        ) : (
          <ol className="run-list" aria-label="Runs">
            {runs.map((run, index) => (
              <RunItem key={`${run.at} ${run.event_id} ${run.version}`} run={run} place={index + 1} />
            ))}
          </ol>
        )
      }
    </QueryView>
  );
}

/** `place` tells the runs of one event apart: its integration and its destinations have one each. */
function RunItem({ run, place }: { readonly run: Run; readonly place: number }) {
  const { at, event_id, version, ok, duration_ms, logs, error, line } = run;
  return (
    <li className="run">
      <div className="run-head">
        <Status health={ok ? "ok" : "dead"}>{ok ? "ok" : "failed"}</Status>
        <Time at={at} />
        <span className="muted small">{`version ${version}, ${durationText(duration_ms)}`}</span>
        <ResourceLink id={event_id}>
          <bdi>{event_id}</bdi>
        </ResourceLink>
      </div>
      {error === null ? null : (
        <p className="form-error">
          {line === null ? null : `Line ${line}: `}
          <bdi>{error}</bdi>
        </p>
      )}
      {logs.length === 0 ? null : (
        <TextBlock label={`Console output of run ${place}, for ${event_id}`} text={logs.join("\n")} />
      )}
    </li>
  );
}

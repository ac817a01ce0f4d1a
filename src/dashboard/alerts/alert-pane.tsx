import { XIcon } from "@phosphor-icons/react/dist/csr/X";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useTitle } from "../shell/title.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { AlertActions } from "./alert-actions.tsx";
import { AlertFacts } from "./alert-facts.tsx";
import { AlertTimeline } from "./alert-timeline.tsx";
import { alertQuery } from "./alerts-query.ts";

const route = getRouteApi("/app/alerts/$id");

/** One alert beside the list. */
export function AlertPane() {
  const { id } = route.useParams();
  const { data: alert, error, isPending, refetch } = useQuery(alertQuery(id));
  const title = alert === undefined ? "Alert" : alert.title === "" ? alert.key : alert.title;
  useTitle(title);
  return (
    <article className="detail" aria-label="Alert" key={id}>
      <div className="detail-head">
        <div className="detail-titles">
          <h2>
            <bdi>{title}</bdi>
          </h2>
          <code className="muted">{id}</code>
        </div>
        {alert === undefined ? null : <AlertActions alert={alert} />}
        <Link to="/alerts" search={true} className="close" aria-label="Close the alert" title="Close">
          <XIcon size={18} aria-hidden="true" />
        </Link>
      </div>
      {isPending ? <Loading label="Loading the alert" /> : null}
      {alert === undefined && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {alert === undefined ? null : (
        <>
          <AlertFacts alert={alert} />
          <AlertTimeline alert={alert} />
        </>
      )}
    </article>
  );
}

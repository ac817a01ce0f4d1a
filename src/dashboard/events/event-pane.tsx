import { XIcon } from "@phosphor-icons/react/dist/csr/X";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useTitle } from "../shell/title.ts";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { EraseEvent } from "./erase-event.tsx";
import { eventQuery, isAwaited } from "./event-query.ts";
import { eventTitle } from "./event-title.ts";
import { ReplayEvent } from "./replay-event.tsx";
import { RequestView } from "./request-view.tsx";
import { Story } from "./story.tsx";

const route = getRouteApi("/app/events/$id");

/** One event beside the list. */
export function EventPane() {
  const { id } = route.useParams();
  const { data: event, error, isPending, refetch } = useQuery(eventQuery(id));
  useTitle(event === undefined ? "Event" : eventTitle(event));
  return (
    <article className="detail" aria-label="Event" key={id}>
      <div className="detail-head">
        <div className="detail-titles">
          <h2>
            <bdi>{event === undefined ? "Event" : eventTitle(event)}</bdi>
          </h2>
          <code className="muted">{id}</code>
        </div>
        {event === undefined ? null : <ReplayEvent event={event} />}
        <Link to="/events" search={(search) => search} className="close" aria-label="Close the event" title="Close">
          <XIcon size={18} aria-hidden="true" />
        </Link>
      </div>
      {isPending ? <Loading label="Loading the event" /> : null}
      {event === undefined && error !== null ? (
        isAwaited(id, error) ? (
          <Empty title="This event is not on record yet">
            The page shows it as soon as the gateway has processed it.
          </Empty>
        ) : (
          <Failed error={error} onRetry={() => void refetch()} />
        )
      ) : null}
      {event === undefined ? null : (
        <>
          <Story event={event} />
          <RequestView event={event} />
          <div>
            <EraseEvent event={event} />
          </div>
        </>
      )}
    </article>
  );
}

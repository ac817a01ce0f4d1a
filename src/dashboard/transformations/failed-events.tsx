import { ArrowUUpRightIcon } from "@phosphor-icons/react/dist/csr/ArrowUUpRight";
import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { WholeTransformation } from "../../client/index.ts";
import { countText } from "../replays/words.ts";
import { FailedReplayDialog } from "./failed-replay-dialog.tsx";
import { failedQuery } from "./queries.ts";

/** Says that the integrations of a transformation have events for which it failed, and offers to replay them. */
export function FailedEvents({ transformation }: { readonly transformation: WholeTransformation }) {
  const { id, name, integration_ids } = transformation;
  const { data } = useQuery({ ...failedQuery(id), enabled: integration_ids.length > 0 });
  const [isOpen, setIsOpen] = useState(false);
  const hasFailed = data !== undefined && data.count > 0;
  const [only, ...others] = integration_ids;
  return (
    <>
      {hasFailed ? (
        <section className="callout failed-events" data-health="dead" aria-label="Failed events">
          <p>{`It failed for ${data.isExact ? "" : "at least "}${countText(data.count, "event")}, which were not routed.`}</p>
          <Link
            to="/events"
            search={{
              outcome: "transformation_failed",
              ...(only !== undefined && others.length === 0 && { integration: only }),
            }}
          >
            Show them
          </Link>
          <Button
            size="sm"
            variant="secondary"
            icon={<ArrowUUpRightIcon aria-hidden="true" />}
            onClick={() => setIsOpen(true)}
          >
            Replay failed events
          </Button>
        </section>
      ) : null}
      {isOpen ? <FailedReplayDialog id={id} name={name} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

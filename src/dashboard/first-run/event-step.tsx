import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Event, Integration } from "../../client/index.ts";
import { eventTitle } from "../events/event-title.ts";
import { revealedQuery } from "../integrations/credentials.ts";
import { type FirstRequest, firstRequest, isUnderstood } from "../integrations/first-webhook.ts";
import { FirstWebhook } from "../integrations/first-webhook-view.tsx";
import { Time } from "../ui/time.tsx";
import { notifyFailure } from "../ui/toasts.ts";
import { newestEventQuery } from "./queries.ts";

/** Posts as a sender does, to the host that served the page: the public URL may be of another one. */
async function send({ url, headers, body }: FirstRequest): Promise<void> {
  const { pathname } = new URL(url);
  const response = await fetch(pathname, { method: "POST", headers: { ...headers }, body, credentials: "omit" });
  if (!response.ok) throw new Error(`The gateway refused it with the status ${response.status}.`);
}

type EventStepProps = { readonly integration: Integration; readonly event: Event | null };

/** Waits for a first event, and can send one. */
export function EventStep({ integration, event }: EventStepProps) {
  const { id, name, auth } = integration;
  const queries = useQueryClient();
  const { data: revealed } = useQuery(revealedQuery(id));
  const request = firstRequest({ ...integration, auth: revealed?.type === auth.type ? revealed : auth });
  const post = useMutation({
    mutationFn: send,
    onSuccess: () => queries.invalidateQueries({ queryKey: newestEventQuery(id).queryKey }),
    onError: (error) => notifyFailure("The event was not sent", error),
  });
  if (event !== null) {
    return (
      <p className="muted" role="status">
        <bdi>{eventTitle(event)}</bdi>, <Time at={event.received_at} />
      </p>
    );
  }
  return (
    <>
      <p className="first-waiting" role="status">
        <span className="live-dot" aria-hidden="true" />
        {post.isSuccess ? "The event is on its way." : `Waiting for the first event of ${name}.`}
      </p>
      {request === null || !isUnderstood(integration) ? null : (
        <Button
          variant="primary"
          className="first-send"
          loading={post.isPending || post.isSuccess}
          onClick={() => post.mutate(request)}
        >
          Send a first event
        </Button>
      )}
      <p className="muted">
        <Link to="/integrations/$id" params={{ id }} search={{ view: "setup" }}>
          Set up the sender
        </Link>
        , or send one from a terminal:
      </p>
      <FirstWebhook integration={integration} />
    </>
  );
}

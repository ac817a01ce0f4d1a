import { ArrowClockwiseIcon } from "@phosphor-icons/react/dist/csr/ArrowClockwise";
import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Delivery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

/** Attempts a delivery now. A delivered one is not offered: the event's replay does that. */
export function RetryButton({ delivery }: { readonly delivery: Delivery }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: async () => unwrap(await client.deliveries.retry(delivery.id)),
    onSuccess: async () => {
      notifySuccess("The delivery is attempted now");
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["events", "one", delivery.event_id] }),
        queries.invalidateQueries({ queryKey: ["deliveries"] }),
      ]);
    },
    onError: (error) => notifyFailure("The delivery was not attempted", error),
  });
  if (!may || delivery.status === "delivered" || delivery.replayed_by !== null) return null;
  return (
    <Button
      size="xs"
      variant="secondary"
      icon={<ArrowClockwiseIcon aria-hidden="true" />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      Retry now
    </Button>
  );
}

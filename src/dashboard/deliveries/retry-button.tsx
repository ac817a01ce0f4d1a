import { ArrowClockwiseIcon } from "@phosphor-icons/react/dist/csr/ArrowClockwise";
import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Delivery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

type RetryButtonProps = {
  readonly delivery: Delivery;
  /** Whether it is the main action of a page, or one of many in a list. */
  readonly isMain?: boolean;
};

/** Attempts a delivery now. A delivered one is not offered: it can be replayed. */
export function RetryButton({ delivery, isMain = false }: RetryButtonProps) {
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
      size={isMain ? "sm" : "xs"}
      variant={isMain ? "primary" : "secondary"}
      icon={<ArrowClockwiseIcon aria-hidden="true" />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      Retry
    </Button>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Delivery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useNames } from "../api/names.ts";
import { AskToReplay } from "../replays/ask-to-replay.tsx";
import { useMay } from "../session/session.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

/** Repeats what was delivered, after a question: the destination receives it a second time. */
export function ReplayDelivery({ delivery }: { readonly delivery: Delivery }) {
  const { id, event_id, destination_id, status } = delivery;
  const may = useMay("write") && status === "delivered";
  const names = useNames();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const replay = useMutation({
    // A retry of what was delivered makes a new delivery. The key makes a request that is sent twice one replay.
    mutationFn: async (key: string) =>
      unwrap(await client.deliveries.retry(id, { idempotency_key: key, max_retries: 2 })),
    onSuccess: async (made) => {
      notifySuccess("The delivery is repeated. This is the new one.");
      await navigate({ to: "/deliveries/$id", params: { id: made.id }, search: true });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["events", "one", event_id] }),
        queries.invalidateQueries({ queryKey: ["deliveries", "one"] }),
      ]);
    },
    onError: (error) => notifyFailure("The delivery was not repeated", error),
  });
  if (!may) return null;
  return (
    <AskToReplay title="Replay this delivery?" isPending={replay.isPending} onReplay={replay.mutate}>
      <bdi>{names.destination(destination_id)}</bdi> receives it once more, as a new delivery.
    </AskToReplay>
  );
}

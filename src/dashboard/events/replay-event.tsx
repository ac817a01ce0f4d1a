import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type WholeEvent, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useNames } from "../api/names.ts";
import { AskToReplay } from "../replays/ask-to-replay.tsx";
import { useMay } from "../session/session.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

/** Delivers an event again, after a question: the destinations receive it a second time. */
export function ReplayEvent({ event }: { readonly event: WholeEvent }) {
  const may = useMay("write");
  const names = useNames();
  const queries = useQueryClient();
  const replay = useMutation({
    // The key makes a request that is sent twice one replay.
    mutationFn: async (key: string) =>
      unwrap(await client.events.replay(event.id, undefined, { idempotency_key: key, max_retries: 2 })),
    onSuccess: async () => {
      notifySuccess("The event is delivered again");
      await queries.invalidateQueries({ queryKey: ["events", "one", event.id] });
    },
    onError: (error) => notifyFailure("The event was not replayed", error),
  });
  if (!may) return null;
  const destinations = [...new Set(event.deliveries.map((delivery) => names.destination(delivery.destination_id)))];
  const to = destinations.length === 0 ? "the destinations that the routes choose now" : destinations.join(", ");
  return (
    <AskToReplay title="Replay this event?" isPending={replay.isPending} onReplay={replay.mutate}>
      It is delivered once more to <bdi>{to}</bdi>.
    </AskToReplay>
  );
}

import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type WholeEvent, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

/** Erases the content of an event, after a question: nothing brings it back. */
export function EraseEvent({ event }: { readonly event: WholeEvent }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const erase = useMutation({
    mutationFn: async () => unwrap(await client.events.erase(event.id)),
    onSuccess: async () => {
      notifySuccess("The content of the event is erased");
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["events"] }),
        queries.invalidateQueries({ queryKey: ["deliveries"] }),
        queries.invalidateQueries({ queryKey: ["alerts"] }),
      ]);
    },
    onError: (error) => notifyFailure("The event was not erased", error),
  });
  if (!may || event.note === "erased") return null;
  return (
    <>
      <Button size="sm" variant="secondary-destructive" loading={erase.isPending} onClick={() => setIsAsking(true)}>
        Erase
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => erase.mutate()}
        title="Erase the content of this event?"
        action="Erase"
        isDangerous
      >
        The payload, the headers, the responses of destinations and what the alert shows of it are erased at once and
        permanently. Pending deliveries are cancelled. That the event arrived stays on record.
      </Confirm>
    </>
  );
}

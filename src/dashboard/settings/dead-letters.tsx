import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DeadLetter, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { Time } from "../ui/time.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

const PAGE_SIZE = 50;

/** The messages that the gateway itself could not process. */
export function DeadLetters() {
  const pages = useInfiniteQuery({
    queryKey: ["dead-letters"],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, ...(pageParam === "" ? {} : { cursor: pageParam }) };
      return unwrap(await client.deadLetters.list(query, { signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
  const letters = pages.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section className="settings-stack" aria-labelledby="letters-title">
      <h2 id="letters-title">Dead letters</h2>
      <p className="muted">
        Messages that the gateway itself failed to process, or could not read. Correct the cause, which the log names,
        then replay them. Deliveries that a destination refused are under Deliveries.
      </p>
      {pages.isPending ? <Loading label="Loading dead letters" /> : null}
      {pages.isError && letters.length === 0 ? (
        <Failed error={pages.error} onRetry={() => void pages.refetch()} />
      ) : null}
      {pages.isSuccess && letters.length === 0 && !pages.hasNextPage ? (
        <Empty title="No dead letters">The gateway processed every message.</Empty>
      ) : null}
      <ul className="audit" aria-label="Dead letters">
        {letters.map((letter) => (
          <Letter key={letter.id} letter={letter} />
        ))}
      </ul>
      {pages.hasNextPage ? (
        <Button variant="secondary" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Show earlier dead letters
        </Button>
      ) : null}
    </section>
  );
}

function Letter({ letter: { id, queue, error, message, received_at } }: { readonly letter: DeadLetter }) {
  return (
    <li>
      <details>
        <summary>
          <strong>{queue}</strong> <bdi>{error}</bdi>
          <span className="muted">
            {", "}
            <Time at={received_at} />
          </span>
        </summary>
        <TextBlock label="Message" text={writeJson(message, 2)} />
        <LetterActions id={id} />
      </details>
    </li>
  );
}

function LetterActions({ id }: Pick<DeadLetter, "id">) {
  const may = useMay("write");
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const renew = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["dead-letters"] }),
      queries.invalidateQueries({ queryKey: ["gauges"] }),
    ]);
  };
  const replay = useMutation({
    mutationFn: async () => unwrap(await client.deadLetters.replay(id)),
    onSuccess: async () => {
      notifySuccess("The message is processed again");
      await renew();
    },
    onError: (error) => notifyFailure("The message was not replayed", error),
  });
  const remove = useMutation({
    mutationFn: async () => unwrap(await client.deadLetters.delete(id)),
    onSuccess: async () => {
      notifySuccess("The message is deleted");
      await renew();
    },
    onError: (error) => notifyFailure("The message was not deleted", error),
  });
  if (!may) return null;
  return (
    <div className="letter-actions">
      <Button size="sm" variant="primary" loading={replay.isPending} onClick={() => replay.mutate()}>
        Replay
      </Button>
      <Button size="sm" variant="secondary-destructive" loading={remove.isPending} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title="Delete this message?"
        action="Delete"
        isDangerous
      >
        What the message stands for, such as an event or a delivery, is then never processed.
      </Confirm>
    </div>
  );
}

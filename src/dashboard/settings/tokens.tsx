import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Token, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { CreateToken } from "./create-token.tsx";

/** The API tokens: make one, see all, delete one. */
export function Tokens() {
  const isAdmin = useMay("admin");
  return (
    <section className="settings-stack">
      <h2>API tokens</h2>
      <p className="muted">
        A program or a person signs in with a token. The gateway shows it once, when you create it.
      </p>
      {isAdmin ? <CreateToken /> : null}
      <TokenList />
    </section>
  );
}

function TokenList() {
  const pages = useInfiniteQuery({
    queryKey: ["tokens", "list"],
    queryFn: async ({ pageParam, signal }) =>
      unwrap(await client.tokens.list({ limit: 100, ...(pageParam === "" ? {} : { cursor: pageParam }) }, { signal })),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
  });
  if (pages.isPending) return <Loading label="Loading API tokens" />;
  if (pages.data === undefined) return <Failed error={pages.error} onRetry={() => void pages.refetch()} />;
  const tokens = pages.data.pages.flatMap(({ data }) => data);
  if (tokens.length === 0) return <Empty title="No API tokens yet">Create one for each program and each person.</Empty>;
  return (
    <>
      <PlainTable
        label="API tokens"
        columns={["Name", "Scopes", "Expires", "Created", "Action"]}
        rows={tokens.map((token) => ({
          id: token.id,
          cells: [
            <bdi key="name">{token.name}</bdi>,
            token.scopes.join(", "),
            token.expires_at === null ? "never" : <Time key="expires" at={token.expires_at} />,
            <Time key="created" at={token.created_at} />,
            <DeleteToken key="delete" token={token} />,
          ],
        }))}
      />
      {pages.hasNextPage ? (
        <Button variant="secondary" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Show earlier tokens
        </Button>
      ) : null}
    </>
  );
}

function DeleteToken({ token }: { readonly token: Token }) {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useMutation({
    mutationFn: async () => unwrap(await client.tokens.delete(token.id)),
    onSuccess: async () => {
      notifySuccess("The token is deleted");
      await queries.invalidateQueries({ queryKey: ["tokens"] });
    },
    onError: (error) => notifyFailure("The token was not deleted", error),
  });
  return (
    <>
      <Button
        size="sm"
        variant="secondary-destructive"
        aria-label={`Delete ${token.name}`}
        loading={remove.isPending}
        onClick={() => setIsAsked(true)}
      >
        Delete
      </Button>
      <Confirm
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => remove.mutate()}
        title="Delete this token?"
        action="Delete"
        isDangerous
      >
        Programs that use <bdi>{token.name}</bdi> are refused within seconds, and its sessions end.
      </Confirm>
    </>
  );
}

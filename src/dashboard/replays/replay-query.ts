import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";

const POLL_MS = 1_000;

/** A bulk replay. It is read again while it is running. */
export function replayQuery(id: string) {
  return queryOptions({
    queryKey: ["replays", id],
    queryFn: async ({ signal }) => unwrap(await client.replays.get(id, { signal })),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? POLL_MS : false),
  });
}

import type { DataTag, QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Shows what the gateway returned for a change, instead of what the query with this key has read. A reading that began before the
 * change is cancelled, because it would show the state before.
 */
export async function showResult<Data>(
  queries: QueryClient,
  queryKey: DataTag<QueryKey, Data, Error>,
  data: NoInfer<Data> | ((shown: NoInfer<Data> | undefined) => NoInfer<Data> | undefined),
): Promise<void> {
  await queries.cancelQueries({ queryKey, exact: true });
  queries.setQueryData(queryKey, data);
}

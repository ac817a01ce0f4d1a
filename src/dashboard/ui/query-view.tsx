import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed, Loading } from "./states.tsx";

type QueryViewProps<T> = {
  readonly query: UseQueryResult<T>;
  readonly label: string;
  readonly children: (data: T) => ReactNode;
};

/** Shows what a query read, or that it is loading, or why it failed. Data that was read once stays while a renewal fails. */
export function QueryView<T>({ query, label, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading label={label} />;
}

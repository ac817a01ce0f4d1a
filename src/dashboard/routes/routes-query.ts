import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";

export function routeQuery(id: string) {
  return queryOptions({
    queryKey: ["routes", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.routes.get(id, { signal })),
    // A form must not lose what is typed because the window gets the focus again.
    refetchOnWindowFocus: false,
  });
}

import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Route, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { useDeletion } from "../shell/use-deletion.ts";
import { Confirm } from "../ui/confirm.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { routeQuery } from "./routes-query.ts";

/** The buttons of a route that act at once. */
export function RouteActions({ route }: { readonly route: Route }) {
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const { enabled } = route;
  const toggle = useMutation({
    mutationFn: async () => unwrap(await client.routes.update(route.id, { enabled: !enabled })),
    onSuccess: async (saved) => {
      await showResult(queries, routeQuery(route.id).queryKey, saved);
      notifySuccess(saved.enabled ? "The route is enabled" : "The route is disabled");
      await queries.invalidateQueries({ queryKey: ["routes", "all"] });
    },
    onError: (error) => notifyFailure("The route was not changed", error),
  });
  const remove = useDeletion({
    list: "routes",
    send: async () => unwrap(await client.routes.delete(route.id)),
    renew: () => queries.invalidateQueries({ queryKey: ["routes"] }),
    texts: { done: "The route is deleted", failed: "The route was not deleted" },
  });
  return (
    <div className="route-actions">
      <Button size="sm" variant="secondary" loading={toggle.isPending} onClick={() => toggle.mutate()}>
        {enabled ? "Disable" : "Enable"}
      </Button>
      <Button size="sm" variant="secondary-destructive" loading={remove.isPending} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title="Delete this route?"
        action="Delete"
        isDangerous
      >
        Events that only <bdi>{route.name}</bdi> matches are no longer delivered. Deliveries that exist continue.
      </Confirm>
    </div>
  );
}

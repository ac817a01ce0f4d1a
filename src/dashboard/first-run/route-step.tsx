import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Destination, type Integration, type Route, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { Form } from "../forms/form.tsx";

type RouteStepProps = {
  readonly integration: Integration;
  readonly destination: Destination;
  readonly route: Route | null;
};

/** Joins the integration to the destination without a filter. */
export function RouteStep({ integration, destination, route }: RouteStepProps) {
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: async () =>
      unwrap(
        await client.routes.create(
          {
            name: `${integration.name} to ${destination.name}`,
            integration_ids: [integration.id],
            destination_ids: [destination.id],
          },
          { idempotency_key: crypto.randomUUID() },
        ),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["routes"] }),
  });
  if (route !== null) {
    return (
      <p className="muted">
        <bdi>{route.name}</bdi>
      </p>
    );
  }
  return (
    <>
      <p className="muted">
        It takes every event of <bdi>{integration.name}</bdi> to <bdi>{destination.name}</bdi>. Filters can be added
        later, or <Link to="/routes/new">build a route with a filter</Link> now.
      </p>
      <Form
        label="Route"
        action="Create route"
        isBusy={create.isPending}
        error={create.error}
        onSubmit={() => create.mutate()}
      >
        {null}
      </Form>
    </>
  );
}

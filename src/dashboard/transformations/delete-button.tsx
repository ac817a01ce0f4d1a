import { Button } from "@cloudflare/kumo/components/button";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type WholeTransformation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useDeletion } from "../shell/use-deletion.ts";
import { Confirm } from "../ui/confirm.tsx";
import { renewTransformations } from "./queries.ts";

/** Deletes a transformation after a question that says what passes it. */
export function DeleteButton({ transformation }: { readonly transformation: WholeTransformation }) {
  const { id, name, integration_ids, destination_ids } = transformation;
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const count = integration_ids.length + destination_ids.length;
  const remove = useDeletion({
    list: "transformations",
    send: async () => unwrap(await client.transformations.delete(id, count > 0 ? { force: true } : {})),
    renew: () =>
      Promise.all([
        renewTransformations(queries),
        queries.invalidateQueries({ queryKey: ["integrations"] }),
        queries.invalidateQueries({ queryKey: ["destinations"] }),
      ]),
    texts: { done: "The transformation is deleted", failed: "The transformation was not deleted" },
  });
  return (
    <>
      <Button size="sm" variant="secondary-destructive" loading={remove.isPending} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title="Delete this transformation?"
        action="Delete"
        isDangerous
      >
        <bdi>{name}</bdi> is deleted with its versions.{" "}
        {count === 0
          ? "Nothing passes it."
          : `${count === 1 ? "One integration or destination passes it, and passes" : `${count} integrations and destinations pass it, and pass`} nothing from then on.`}
      </Confirm>
    </>
  );
}

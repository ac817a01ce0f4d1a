import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Destination, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { addressOf } from "../destinations/kinds.ts";
import { renewDestinations } from "../destinations/queries.ts";
import { TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { nameOfUrl } from "./progress.ts";

/** The signing secret that this page was shown. It is gone after a reload. */
function secretQuery(id: string) {
  return queryOptions({
    queryKey: ["revealed", "destination", id],
    queryFn: (): Promise<string | null> => Promise.resolve(null),
    enabled: false,
  });
}

/** Asks for a URL only. The other kinds of destinations have a page. */
export function DestinationStep() {
  const queries = useQueryClient();
  const [url, setUrl] = useState("");
  const create = useMutation({
    mutationFn: async () =>
      unwrap(
        await client.destinations.create(
          { name: nameOfUrl(url), type: "webhook", url: url.trim() },
          { idempotency_key: crypto.randomUUID() },
        ),
      ),
    onSuccess: async ({ id, signing_secret }) => {
      await showResult(queries, secretQuery(id).queryKey, signing_secret ?? null);
      await renewDestinations(queries);
    },
  });
  return (
    <>
      <p className="muted">
        A destination receives the events: a URL of yours, or a service such as Slack or PagerDuty from the{" "}
        <Link to="/destinations/new">gallery of destinations</Link>.
      </p>
      <Form
        label="Destination"
        action="Create destination"
        isBusy={create.isPending}
        error={create.error}
        onSubmit={() => create.mutate()}
      >
        <TextField
          label="URL"
          path="url"
          type="url"
          placeholder="https://"
          hint="Events are posted to it as JSON and signed."
          value={url}
          onChange={setUrl}
          isRequired
        />
      </Form>
    </>
  );
}

export function MadeDestination({ destination }: { readonly destination: Destination }) {
  const { data: secret } = useQuery(secretQuery(destination.id));
  return (
    <>
      <p className="muted">
        <bdi>{addressOf(destination)}</bdi>
      </p>
      {secret === undefined || secret === null ? null : (
        <SecretOnce
          name="Signing secret"
          value={secret}
          hint="With it the receiver checks the signatures. The gateway does not show it again."
        />
      )}
    </>
  );
}

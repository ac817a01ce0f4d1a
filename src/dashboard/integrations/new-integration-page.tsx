import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Integration, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { SelectField, TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import {
  AUTH_TYPES,
  type AuthType,
  type Sender,
  credentialOf,
  firstWebhook,
  searchSenders,
  sendersOf,
} from "./senders.ts";

/** Creates an integration in one step, and then shows its URL and credential. */
export function NewIntegrationPage() {
  const may = useMay("write");
  const [created, setCreated] = useState<Integration | null>(null);
  const query = useQuery({
    queryKey: ["rule-sets"],
    queryFn: async ({ signal }) => unwrap(await client.ruleSets.list({ signal })),
    staleTime: Infinity,
  });
  return (
    <Page name="Integrations">
      {!may ? (
        <Empty title="Your token may not create integrations">It needs the scope write.</Empty>
      ) : created !== null ? (
        <Created integration={created} />
      ) : (
        <QueryView query={query} label="Loading the senders">
          {({ data }) => <NewIntegration senders={sendersOf(data)} onCreated={setCreated} />}
        </QueryView>
      )}
    </Page>
  );
}

type NewIntegrationProps = {
  readonly senders: readonly Sender[];
  readonly onCreated: (integration: Integration) => void;
};

function NewIntegration({ senders, onCreated }: NewIntegrationProps) {
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [sender, setSender] = useState(senders[0]);
  const [name, setName] = useState<string | null>(null);
  const [auth, setAuth] = useState<AuthType>("none");
  const shown = searchSenders(senders, text);
  const create = useMutation({
    mutationFn: async (key: string) =>
      unwrap(
        await client.integrations.create(
          { name: name ?? sender?.title ?? "", type: "catch", ...sender?.creation, auth: { type: auth } },
          { idempotency_key: key },
        ),
      ),
    onSuccess: async (integration) => {
      onCreated(integration);
      await queries.invalidateQueries({ queryKey: ["integrations"] });
    },
  });
  return (
    <Form
      label="New integration"
      action="Create integration"
      isBusy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate(crypto.randomUUID())}
    >
      <TextField label="Search senders" path="" value={text} onChange={setText} />
      <fieldset className="senders">
        <legend>Type</legend>
        {shown.length === 0 ? <p className="muted">No sender matches. Choose “Any webhook” instead.</p> : null}
        {shown.map((one) => (
          <label key={one.id} className="sender">
            <input type="radio" name="sender" checked={one === sender} onChange={() => setSender(one)} />
            <span>
              {one.title}
              <span className="muted small sender-detail">{one.detail}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <TextField label="Name" path="name" value={name ?? sender?.title ?? ""} onChange={setName} isRequired />
      <SelectField label="Authentication" path="auth" options={AUTH_TYPES} value={auth} onChange={setAuth} />
    </Form>
  );
}

function Created({ integration }: { readonly integration: Integration }) {
  const credential = credentialOf(integration);
  const command = firstWebhook(integration);
  return (
    <section className="created" aria-labelledby="created-title">
      <h2 id="created-title">
        <bdi>{integration.name}</bdi> is ready
      </h2>
      <p>Give the sender this URL:</p>
      <TextBlock label="URL" text={integration.url} />
      <CopyButton label="Copy URL" text={() => integration.url} />
      {credential === null ? null : <SecretOnce {...credential} />}
      {command === null ? null : (
        <>
          <p>Or send a first webhook yourself:</p>
          <TextBlock label="Command" text={command} />
          <CopyButton label="Copy command" text={() => command} />
        </>
      )}
      <Link to="/events" search={{ integration: integration.id }}>
        Watch its events
      </Link>
    </section>
  );
}

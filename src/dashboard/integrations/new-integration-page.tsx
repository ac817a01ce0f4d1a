import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { SelectField, TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { revealedQuery } from "./credentials.ts";
import { ruleSetsQuery } from "./queries.ts";
import { AUTH_TYPES, type AuthType, type Sender, searchSenders, sendersOf } from "./senders.ts";

/** Creates an integration in one step, and leads to its page, which shows its URL and credential. */
export function NewIntegrationPage() {
  const may = useMay("write");
  const query = useQuery(ruleSetsQuery);
  return (
    <Page name="Integrations">
      {!may ? (
        <Empty title="Your token may not create integrations">It needs the scope write.</Empty>
      ) : (
        <QueryView query={query} label="Loading the senders">
          {(ruleSets) => <NewIntegration senders={sendersOf(ruleSets)} />}
        </QueryView>
      )}
    </Page>
  );
}

function NewIntegration({ senders }: { readonly senders: readonly Sender[] }) {
  const navigate = useNavigate();
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
      queries.setQueryData(revealedQuery(integration.id).queryKey, integration.auth);
      await queries.invalidateQueries({ queryKey: ["integrations"] });
      await navigate({ to: "/integrations/$id", params: { id: integration.id }, search: { view: "setup" } });
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

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { TransformationField } from "../transformations/transformation-field.tsx";
import type { AuthDraft } from "./auth-draft.ts";
import { AuthFields } from "./auth-fields.tsx";
import { ruleSetsQuery } from "./queries.ts";
import { SenderPicker } from "./sender-picker.tsx";
import { type Sender, sendersOf } from "./senders.ts";
import { useCreateIntegration, useRecommendedAuth } from "./use-create-integration.ts";

/** Creates an integration in one step, and leads to its page, which shows its URL and credential. */
export function NewIntegrationPage() {
  const may = useMay("write");
  const query = useQuery(ruleSetsQuery);
  return (
    <Page name="Create integration">
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
  const [sender, setSender] = useState(senders[0]);
  const [ownName, setOwnName] = useState<string | null>(null);
  const [ownAuth, setOwnAuth] = useState<AuthDraft | null>(null);
  const [transformationId, setTransformationId] = useState("");
  const recommended = useRecommendedAuth(sender);
  const name = ownName ?? sender?.title ?? "";
  const auth = ownAuth ?? recommended.auth;
  const create = useCreateIntegration(({ id }) =>
    navigate({ to: "/integrations/$id", params: { id }, search: { view: "setup" } }),
  );
  return (
    <Form
      label="New integration"
      action="Create integration"
      isBusy={create.isPending || recommended.isLoading}
      error={create.error}
      isChanged={ownName !== null || ownAuth !== null || transformationId !== ""}
      onSubmit={() => create.mutate({ sender, name, auth, transformationId })}
    >
      <SenderPicker senders={senders} chosen={sender} onChoose={setSender} />
      <TextField label="Name" path="name" value={name} onChange={setOwnName} isRequired />
      <AuthFields draft={auth} before={null} onChange={setOwnAuth} />
      <TransformationField
        hint="Code that its events pass before they are routed."
        value={transformationId}
        onChange={setTransformationId}
      />
    </Form>
  );
}

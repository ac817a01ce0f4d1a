import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Integration } from "../../client/index.ts";
import { Form } from "../forms/form.tsx";
import { ruleSetsQuery } from "../integrations/queries.ts";
import { RevealedSecrets } from "../integrations/revealed-secrets.tsx";
import { SenderPicker } from "../integrations/sender-picker.tsx";
import { type Sender, kindOf, sendersOf } from "../integrations/senders.ts";
import { useCreateIntegration, useRecommendedAuth } from "../integrations/use-create-integration.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { QueryView } from "../ui/query-view.tsx";

/** Chooses the sender. Its name and authentication are those that its page recommends. */
export function IntegrationStep() {
  const query = useQuery(ruleSetsQuery);
  return (
    <>
      <p className="muted">An integration gives a sender a URL to post webhooks to. What sends them?</p>
      <QueryView query={query} label="Loading the senders">
        {(ruleSets) => <SenderChoices senders={sendersOf(ruleSets)} />}
      </QueryView>
    </>
  );
}

function SenderChoices({ senders }: { readonly senders: readonly Sender[] }) {
  const [sender, setSender] = useState(senders[0]);
  const { auth, isLoading } = useRecommendedAuth(sender);
  const create = useCreateIntegration(() => {});
  return (
    <Form
      label="Integration"
      action="Create integration"
      isBusy={create.isPending || isLoading}
      error={create.error}
      onSubmit={() => create.mutate({ sender, name: sender?.title ?? "", auth })}
    >
      <SenderPicker senders={senders} chosen={sender} onChoose={setSender} />
    </Form>
  );
}

/** The URL of the integration, and its secret while the gateway's answer is in memory. */
export function MadeIntegration({ integration }: { readonly integration: Integration }) {
  const { name, url } = integration;
  return (
    <>
      <p className="muted">
        <bdi>{name}</bdi>
        {kindOf(integration) === name ? null : ` (${kindOf(integration)})`}
      </p>
      <div className="url-line">
        <code>{url}</code>
        <CopyButton label="Copy URL" text={() => url} />
      </div>
      <RevealedSecrets integration={integration} />
    </>
  );
}

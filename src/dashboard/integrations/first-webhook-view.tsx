import { useQuery } from "@tanstack/react-query";
import type { Integration } from "../../client/index.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { credentialsOf, revealedQuery } from "./credentials.ts";
import { firstWebhook, isUnderstood } from "./first-webhook.ts";

/** The command that sends a first webhook, with the secret if this session was shown it. */
export function FirstWebhook({ integration }: { readonly integration: Integration }) {
  const { data: revealed } = useQuery(revealedQuery(integration.id));
  const { auth } = integration;
  const hasSecret = revealed !== undefined && revealed !== null && revealed.type === auth.type;
  const command = firstWebhook({ ...integration, auth: hasSecret ? revealed : auth });
  if (command === null) {
    return <p className="muted">The sender signs its webhooks, so only the sender can send one that is accepted.</p>;
  }
  const isComplete = auth.type === "none" || (hasSecret && credentialsOf(revealed).length > 0);
  return (
    <div className="command">
      <TextBlock label="Command" text={command} />
      <CopyButton label="Copy command" text={() => command} />
      {isComplete ? null : (
        <p className="muted small">Replace each word in capitals with the credential of the integration.</p>
      )}
      {isUnderstood(integration) ? null : (
        <p className="muted small">
          The rules ignore this body, so it opens no alert. It shows that the URL and the credential are right.
        </p>
      )}
    </div>
  );
}

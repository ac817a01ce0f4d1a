import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Integration } from "../../client/index.ts";
import { QueryView } from "../ui/query-view.tsx";
import { learnsSecret } from "./auth-draft.ts";
import { revealedQuery } from "./credentials.ts";
import { FirstWebhook } from "./first-webhook-view.tsx";
import { GuideView } from "./guide/guide-view.tsx";
import { guideQuery } from "./guide/pages.ts";
import { ruleSetsQuery } from "./queries.ts";
import { kindOf, sendersOf } from "./senders.ts";

/** How to connect the sender: what it must send, the clicks at its vendor, and a command to try it. */
export function SetupTab({ integration }: { readonly integration: Integration }) {
  const { id, url, auth } = integration;
  const kind = kindOf(integration);
  const guide = useQuery(guideQuery(kind));
  const { data: ruleSets } = useQuery(ruleSetsQuery);
  const { data: revealed } = useQuery(revealedQuery(id));
  const title = sendersOf(ruleSets ?? []).find((sender) => sender.id === kind || sender.id === `rules:${kind}`)?.title;
  const token = revealed?.type === "token" || revealed?.type === "bearer" ? (revealed.token ?? null) : null;
  return (
    <>
      <section aria-labelledby="setup-title">
        <h2 id="setup-title">
          Connect <bdi>{title ?? "the sender"}</bdi>
        </h2>
        <QueryView query={guide} label="Loading the steps">
          {(steps) =>
            steps === null ? (
              <p>Give the sender the URL above. The rules in the settings decide what its requests mean.</p>
            ) : (
              <GuideView blocks={steps.steps} known={{ url, token }} />
            )
          }
        </QueryView>
        <p className="note">{credentialText(auth)}</p>
      </section>
      <section aria-labelledby="try-title">
        <h2 id="try-title">Try it</h2>
        <p className="muted">
          {auth.type === "signature" ? null : "This command sends a first webhook. "}
          <Link to="/integrations/$id" params={{ id }}>
            Watch it arrive
          </Link>
          .
        </p>
        <FirstWebhook integration={integration} />
      </section>
    </>
  );
}

function credentialText(auth: Integration["auth"]): string {
  switch (auth.type) {
    case "none":
      return "No credential is checked: everyone who knows the URL can send. Keep it secret.";
    case "token":
      return `The sender must send the token in the header ${auth.header}.`;
    case "bearer":
      return "The sender must send the header Authorization: Bearer, followed by the token.";
    case "basic":
      return `The sender must send Basic credentials with the user name ${auth.username} and the password.`;
    case "signature":
      if (learnsSecret(auth.scheme)) {
        return "Add ?verify_token= and the verify token to the URL. The sender brings its key with its first request, and signs the others with it.";
      }
      return `The sender must sign its requests with the scheme ${auth.scheme} and the secret.`;
  }
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Integration, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { type AuthDraft, NO_AUTH, authInputOf } from "./auth-draft.ts";
import { revealedQuery } from "./credentials.ts";
import { guideQuery } from "./guide/pages.ts";
import { type Sender, pageOf } from "./senders.ts";

type Creation = {
  readonly sender: Sender | undefined;
  readonly name: string;
  readonly auth: AuthDraft;
  /** The id; empty for none. */
  readonly transformationId?: string;
};

/** Creates an integration. Its secret is then shown until the page is reloaded. */
export function useCreateIntegration(onCreated: (integration: Integration) => Promise<void> | void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ sender, name, auth, transformationId = "" }: Creation) =>
      unwrap(
        await client.integrations.create(
          {
            name,
            type: "catch",
            ...sender?.creation,
            auth: authInputOf(auth),
            ...(transformationId !== "" && { transformation_id: transformationId }),
          },
          { idempotency_key: crypto.randomUUID() },
        ),
      ),
    onSuccess: async (integration) => {
      await showResult(queries, revealedQuery(integration.id).queryKey, integration.auth);
      await queries.invalidateQueries({ queryKey: ["integrations"] });
      await onCreated(integration);
    },
  });
}

/** The authentication that the page of a sender recommends. */
export function useRecommendedAuth(sender: Sender | undefined) {
  const { data, isLoading } = useQuery(guideQuery(sender === undefined ? "catch" : pageOf(sender)));
  const recommended = data?.auth ?? null;
  const auth: AuthDraft =
    recommended === null ? NO_AUTH : { ...NO_AUTH, type: recommended.type, username: recommended.username ?? "" };
  return { auth, isLoading };
}

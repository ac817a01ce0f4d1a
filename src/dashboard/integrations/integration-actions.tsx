import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Integration, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { showResult } from "../api/show-result.ts";
import { useMay } from "../session/session.ts";
import { useDeletion } from "../shell/use-deletion.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Time } from "../ui/time.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { credentialWord, revealedQuery } from "./credentials.ts";
import { integrationQuery, renewIntegrations } from "./queries.ts";
import { RotateDialog, type Rotation } from "./rotate-dialog.tsx";

type Asked = "disable" | "token" | "url" | "delete" | null;

/** The actions on an integration. */
export function IntegrationActions({ integration }: { readonly integration: Integration }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const [formerUrlEndsAt, setFormerUrlEndsAt] = useState<string | null>(null);
  const { id, name, enabled, auth } = integration;
  const word = credentialWord(auth);
  const done = async (title: string): Promise<void> => {
    notifySuccess(title);
    await renewIntegrations(queries);
  };
  const enable = useMutation({
    mutationFn: async (next: boolean) => unwrap(await client.integrations.update(id, { enabled: next })),
    onSuccess: (_, next) => done(`${name}: ${next ? "enabled" : "disabled"}`),
    onError: (error) => notifyFailure("The integration was not changed", error),
  });
  const rotateToken = useMutation({
    mutationFn: async ({ overlapSeconds, secret }: Rotation) =>
      unwrap(
        await client.integrations.rotateToken(
          id,
          { overlap_seconds: overlapSeconds, ...(secret === "" ? {} : { secret }) },
          { idempotency_key: crypto.randomUUID() },
        ),
      ),
    onSuccess: async (rotated) => {
      await showResult(queries, revealedQuery(id).queryKey, rotated.auth);
      await showResult(queries, integrationQuery(id).queryKey, rotated);
      await done(`The ${word ?? "credential"} was rotated`);
    },
    onError: (error) => notifyFailure(`The ${word ?? "credential"} was not rotated`, error),
  });
  const rotateUrl = useMutation({
    mutationFn: async ({ overlapSeconds }: Rotation) =>
      unwrap(
        await client.integrations.rotateUrl(
          id,
          { overlap_seconds: overlapSeconds },
          { idempotency_key: crypto.randomUUID() },
        ),
      ),
    onSuccess: async (rotated, { overlapSeconds }) => {
      setFormerUrlEndsAt(new Date(Date.parse(rotated.updated_at) + overlapSeconds * 1_000).toISOString());
      await showResult(queries, integrationQuery(id).queryKey, rotated);
      await done("The URL was rotated");
    },
    onError: (error) => notifyFailure("The URL was not rotated", error),
  });
  const remove = useDeletion({
    list: "integrations",
    send: async () => unwrap(await client.integrations.delete(id)),
    renew: () => renewIntegrations(queries),
    texts: { done: `${name} was deleted`, failed: "The integration was not deleted" },
  });
  if (!may) return null;
  const close = (): void => setAsked(null);
  return (
    <>
      <div className="integration-actions">
        {enabled ? (
          <Button size="sm" loading={enable.isPending} onClick={() => setAsked("disable")}>
            Disable
          </Button>
        ) : (
          <Button size="sm" variant="primary" loading={enable.isPending} onClick={() => enable.mutate(true)}>
            Enable
          </Button>
        )}
        {word === null ? null : (
          <Button size="sm" loading={rotateToken.isPending} onClick={() => setAsked("token")}>
            {`Rotate ${word}`}
          </Button>
        )}
        <Button size="sm" loading={rotateUrl.isPending} onClick={() => setAsked("url")}>
          Rotate URL
        </Button>
        <Button size="sm" variant="secondary-destructive" loading={remove.isPending} onClick={() => setAsked("delete")}>
          Delete
        </Button>
      </div>
      {formerUrlEndsAt === null ? null : (
        <p className="callout" data-health="ok" role="status">
          <strong>The URL was replaced.</strong> Give the sender the new one. The earlier URL works until{" "}
          <Time at={formerUrlEndsAt} />.
        </p>
      )}
      <Confirm
        isOpen={asked === "disable"}
        onClose={close}
        onConfirm={() => enable.mutate(false)}
        title={`Disable ${name}?`}
        action="Disable"
      >
        Its sender gets the status 410 until it is enabled again, and what is sent in the meantime is lost.
      </Confirm>
      <RotateDialog
        isOpen={asked === "token"}
        onClose={close}
        onRotate={(rotation) => rotateToken.mutate(rotation)}
        title={`Rotate the ${word ?? "credential"} of ${name}?`}
        action={`Rotate ${word ?? "credential"}`}
        what={word ?? "credential"}
        takesSecret={auth.type === "signature"}
      >
        {`A new ${word ?? "credential"} is shown once. During the overlap both are accepted, so that the sender can change over.`}
      </RotateDialog>
      <RotateDialog
        isOpen={asked === "url"}
        onClose={close}
        onRotate={(rotation) => rotateUrl.mutate(rotation)}
        title={`Rotate the URL of ${name}?`}
        action="Rotate URL"
        what="URL"
      >
        The integration gets another URL, and its id stays. During the overlap both URLs work.
      </RotateDialog>
      <Confirm
        isOpen={asked === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={`Delete ${name}?`}
        action="Delete"
        isDangerous
      >
        Its URL stops working at once, and it is removed from the routes that name it. Its stored events stay until they
        expire. This cannot be undone.
      </Confirm>
    </>
  );
}

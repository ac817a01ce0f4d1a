import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Destination, type DestinationTestResult, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { SecretOnce } from "../forms/secret-once.tsx";
import { useMay } from "../session/session.ts";
import { useDeletion } from "../shell/use-deletion.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Status } from "../ui/status.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { durationText } from "../ui/time-text.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { renewDestinations } from "./queries.ts";
import { hasSecret } from "./signing-draft.ts";

type Asked = "rotate" | "delete" | "retry" | null;

/** The actions on a destination, with the result of a test and a new secret below them. */
export function DestinationActions({ destination }: { readonly destination: Destination }) {
  const may = useMay("write");
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const { id, name, enabled, paused_at } = destination;
  const done = async (title: string): Promise<void> => {
    notifySuccess(title);
    await renewDestinations(queries);
  };
  const test = useMutation({
    mutationFn: async () => unwrap(await client.destinations.test(id, {})),
    onError: (error) => notifyFailure("The destination was not tested", error),
  });
  const change = useMutation({
    mutationFn: async (action: "pause" | "resume" | "enable") => {
      if (action === "enable") return unwrap(await client.destinations.update(id, { enabled: true }));
      return unwrap(await (action === "pause" ? client.destinations.pause : client.destinations.resume)(id));
    },
    onSuccess: (_, action) => done(`${name}: ${{ pause: "paused", resume: "resumed", enable: "enabled" }[action]}`),
    onError: (error) => notifyFailure("The destination was not changed", error),
  });
  const rotate = useMutation({
    mutationFn: async () => unwrap(await client.destinations.rotateSecret(id, {})),
    onSuccess: () => done("The signing secret was rotated"),
    onError: (error) => notifyFailure("The secret was not rotated", error),
  });
  const retryDead = useMutation({
    mutationFn: async () =>
      unwrap(await client.replays.create({ filter: { status: ["dead"], destination_id: id }, dry_run: false })),
    onSuccess: () => done("The dead deliveries are replayed"),
    onError: (error) => notifyFailure("The deliveries were not replayed", error),
  });
  const remove = useDeletion({
    list: "destinations",
    send: async () => unwrap(await client.destinations.delete(id, { force: true })),
    renew: () => renewDestinations(queries),
    texts: { done: `${name} was deleted`, failed: "The destination was not deleted" },
  });
  if (!may) return null;
  const close = (): void => setAsked(null);
  return (
    <>
      <div className="destination-actions">
        <Button size="sm" variant="primary" loading={test.isPending} onClick={() => test.mutate()}>
          Test
        </Button>
        {enabled ? (
          <Button
            size="sm"
            loading={change.isPending}
            onClick={() => change.mutate(paused_at === null ? "pause" : "resume")}
          >
            {paused_at === null ? "Pause" : "Resume"}
          </Button>
        ) : (
          <Button size="sm" loading={change.isPending} onClick={() => change.mutate("enable")}>
            Enable
          </Button>
        )}
        <Button size="sm" loading={retryDead.isPending} onClick={() => setAsked("retry")}>
          Replay dead deliveries
        </Button>
        {hasSecret(destination.signing) ? (
          <Button size="sm" loading={rotate.isPending} onClick={() => setAsked("rotate")}>
            Rotate secret
          </Button>
        ) : null}
        <Button size="sm" variant="secondary-destructive" loading={remove.isPending} onClick={() => setAsked("delete")}>
          Delete
        </Button>
      </div>
      {test.data === undefined ? null : <TestResult result={test.data} />}
      {rotate.data?.signing_secret === undefined ? null : (
        <SecretOnce
          name="Signing secret"
          value={rotate.data.signing_secret}
          hint="Give it to the receiver now. The gateway does not show it again. The replaced secret signs, too, for a day."
        />
      )}
      <Confirm
        isOpen={asked === "rotate"}
        onClose={close}
        onConfirm={() => rotate.mutate()}
        title={`Rotate the secret of ${name}?`}
        action="Rotate secret"
      >
        Deliveries are signed with a new secret. The present one signs, too, for 24 hours, so that the receiver can
        change over.
      </Confirm>
      <Confirm
        isOpen={asked === "retry"}
        onClose={close}
        onConfirm={() => retryDead.mutate()}
        title={`Replay the dead deliveries to ${name}?`}
        action="Replay"
      >
        Each dead delivery that was not replayed yet is delivered again.
      </Confirm>
      <Confirm
        isOpen={asked === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={`Delete ${name}?`}
        action="Delete"
        isDangerous
      >
        Its pending deliveries are cancelled, and it is removed from the routes that name it. This cannot be undone.
      </Confirm>
    </>
  );
}

function TestResult({ result }: { readonly result: DestinationTestResult }) {
  const { ok, status, duration_ms, response_body, error, hint } = result;
  return (
    <section className="test-result" aria-label="Test result" role="status">
      <div className="section-head">
        <h2>Test</h2>
        <Status health={ok ? "ok" : "dead"}>{ok ? "The test was delivered" : "The test failed"}</Status>
        {status === null ? null : <span>{`Status ${status}`}</span>}
        <span className="muted">{durationText(duration_ms)}</span>
      </div>
      {error === null ? null : (
        <p>
          <bdi>{error}</bdi>
        </p>
      )}
      {hint === null ? null : (
        <p className="note">
          <bdi>{hint}</bdi>
        </p>
      )}
      {response_body === null || response_body === "" ? (
        <p className="muted">The response has no body.</p>
      ) : (
        <TextBlock label="Response body" text={response_body} />
      )}
    </section>
  );
}

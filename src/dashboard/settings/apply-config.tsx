import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ConfigDocument, type ConfigPlan, ClientError, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { Editor } from "../forms/editor.tsx";
import { SwitchField, TextField } from "../forms/fields.tsx";
import { Form, FormSection } from "../forms/form.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { useIsChanged } from "../forms/unsaved.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";
import { enteredSecrets, fieldText, readDocument, secretNames } from "./config-document.ts";

type Draft = { readonly text: string; readonly isPruning: boolean; readonly secrets: ReadonlyMap<string, string> };
const EMPTY: Draft = { text: "", isPruning: false, secrets: new Map() };

function namesIn(text: string): readonly string[] {
  try {
    return secretNames(readDocument(text));
  } catch {
    return []; // the plan says what is wrong
  }
}

/** Sends the document; with `revision`, for that revision of the configuration only. */
async function send(draft: Draft, revision: string | null) {
  const document = readDocument(draft.text);
  const secrets = enteredSecrets(secretNames(document), draft.secrets);
  const result = await client.config.apply(
    { ...document, secrets },
    { dry_run: revision === null, prune: draft.isPruning },
    revision === null ? {} : { headers: { "if-match": revision } },
  );
  const plan = unwrap(result);
  return { document, plan, revision: result.ok ? (result.headers.get("etag") ?? `"${plan.revision}"`) : "" };
}

/** Applies a file to the configuration, after its plan was shown. */
export function ApplyConfig({ current }: { readonly current: ConfigDocument }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const [isAsked, setIsAsked] = useState(false);
  const planning = useMutation({ mutationFn: () => send(draft, null) });
  const applying = useMutation({
    mutationFn: (revision: string) => send(draft, revision),
    onSuccess: async () => {
      notifySuccess("The configuration is applied");
      planning.reset();
      await queries.invalidateQueries();
    },
    onError: (error) => notifyFailure("The configuration was not applied", error),
  });
  /** A plan is of one draft: a change needs another plan. */
  const change = (next: Partial<Draft>): void => {
    setDraft((now) => ({ ...now, ...next }));
    planning.reset();
  };
  const { data: planned, error } = planning;
  const isChanged = useIsChanged({ text: draft.text }, applying.isPending, applying.error);
  return (
    <>
      <label className="file-field">
        <span>Upload a file</span>
        <input
          type="file"
          accept=".yaml,.yml,.json"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file !== undefined) void file.text().then((text) => change({ text }));
          }}
        />
      </label>
      <Form
        label="Apply a configuration"
        action="Show plan"
        isBusy={planning.isPending}
        error={error}
        isChanged={isChanged}
        onSubmit={() => planning.mutate()}
      >
        <Editor label="Document" language="yaml" value={draft.text} onChange={(text) => change({ text })} />
        {error === null || error instanceof ClientError ? null : (
          <p className="form-error">{`The document cannot be read: ${error.message}`}</p>
        )}
        <Secrets
          names={namesIn(draft.text)}
          values={draft.secrets}
          onChange={(name, value) => change({ secrets: new Map([...draft.secrets, [name, value]]) })}
        />
        <SwitchField
          label="Prune"
          path="prune"
          hint="Prune deletes every integration, destination, route and transformation that the document does not name."
          value={draft.isPruning}
          onChange={(isPruning) => change({ isPruning })}
        />
      </Form>
      {planned === undefined ? null : (
        <section aria-labelledby="plan-title" className="settings-stack">
          <h3 id="plan-title">Plan</h3>
          <Plan plan={planned.plan} current={current} next={planned.document} />
          {planned.plan.changes.length === 0 ? null : (
            <Button variant="primary" loading={applying.isPending} onClick={() => setIsAsked(true)}>
              Apply
            </Button>
          )}
          <Confirm
            isOpen={isAsked}
            onClose={() => setIsAsked(false)}
            onConfirm={() => applying.mutate(planned.revision)}
            title="Apply this plan?"
            action="Apply"
            isDangerous={planned.plan.changes.some(({ action }) => action === "delete")}
          >
            {planned.plan.changes.length === 1
              ? "One change is made."
              : `${planned.plan.changes.length} changes are made in one transaction.`}
          </Confirm>
        </section>
      )}
      {Object.entries(applying.data?.plan.secrets ?? {}).map(([name, value]) => (
        <SecretOnce key={name} name={name} value={value} />
      ))}
    </>
  );
}

type SecretsProps = {
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly onChange: (name: string, value: string) => void;
};

function Secrets({ names, values, onChange }: SecretsProps) {
  if (names.length === 0) return null;
  return (
    <FormSection title="Secrets" hint="The gateway keeps the stored value of each field that stays empty.">
      {names.map((name) => (
        <TextField
          key={name}
          label={name}
          path={`secrets.${name}`}
          type="password"
          value={values.get(name) ?? ""}
          onChange={(value) => onChange(name, value)}
        />
      ))}
    </FormSection>
  );
}

type Document = Parameters<typeof fieldText>[0];
type PlanProps = { readonly plan: ConfigPlan; readonly current: Document; readonly next: Document };

function Plan({ plan, current, next }: PlanProps) {
  if (plan.changes.length === 0) return <p className="muted">The configuration is already what the document says.</p>;
  return (
    <ul className="audit" aria-label="Changes">
      {plan.changes.map(({ action, kind, name, fields }) => (
        <li key={`${kind} ${name}`}>
          <details open>
            <summary>
              <strong>{`${action} ${kind}`}</strong> <bdi>{name}</bdi>
            </summary>
            <dl className="changes">
              {fields.map((field) => (
                <div key={field}>
                  <dt>{field}</dt>
                  <dd>
                    <del>
                      <bdi>{fieldText(current, kind, name, field)}</bdi>
                    </del>
                    <ins>
                      <bdi>{fieldText(next, kind, name, field) ?? "the default"}</bdi>
                    </ins>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}

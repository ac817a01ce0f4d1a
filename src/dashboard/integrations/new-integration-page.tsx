import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { type AuthDraft, NO_AUTH, authInputOf } from "./auth-draft.ts";
import { AuthFields } from "./auth-fields.tsx";
import { revealedQuery } from "./credentials.ts";
import type { GuideAuth } from "./guide/guide.ts";
import { guideQuery } from "./guide/pages.ts";
import { ruleSetsQuery } from "./queries.ts";
import { SENDER_GROUPS, type Sender, type SenderGroup, pageOf, searchSenders, sendersOf } from "./senders.ts";

const GROUPS: readonly SenderGroup[] = [
  "any",
  "monitoring",
  "cloud",
  "uptime",
  "jobs",
  "errors",
  "logs",
  "infrastructure",
  "deployment",
  "code",
  "incidents",
  "security",
  "support",
  "commerce",
];

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
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [sender, setSender] = useState(senders[0]);
  const [name, setName] = useState<string | null>(null);
  const [chosenAuth, setChosenAuth] = useState<AuthDraft | null>(null);
  const { data: guide, isLoading } = useQuery(guideQuery(sender === undefined ? "catch" : pageOf(sender)));
  const auth = chosenAuth ?? recommended(guide?.auth ?? null);
  const shown = searchSenders(senders, text);
  const create = useMutation({
    mutationFn: async (key: string) =>
      unwrap(
        await client.integrations.create(
          { name: name ?? sender?.title ?? "", type: "catch", ...sender?.creation, auth: authInputOf(auth) },
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
      isBusy={create.isPending || isLoading}
      error={create.error}
      onSubmit={() => create.mutate(crypto.randomUUID())}
    >
      <TextField label="Search senders" path="" value={text} onChange={setText} />
      <fieldset className="senders">
        <legend>Type</legend>
        {shown.length === 0 ? <p className="muted">No sender matches. Choose “Any webhook” instead.</p> : null}
        {GROUPS.map((group) => {
          const own = shown.filter((one) => one.group === group);
          return own.length === 0 ? null : (
            <div key={group} className="sender-group">
              <h2>{SENDER_GROUPS[group]}</h2>
              {own.map((one) => (
                <SenderChoice
                  key={one.id}
                  sender={one}
                  isChosen={one.id === sender?.id}
                  onChoose={() => setSender(one)}
                />
              ))}
            </div>
          );
        })}
      </fieldset>
      <TextField label="Name" path="name" value={name ?? sender?.title ?? ""} onChange={setName} isRequired />
      <AuthFields draft={auth} before={null} onChange={setChosenAuth} />
    </Form>
  );
}

type SenderChoiceProps = { readonly sender: Sender; readonly isChosen: boolean; readonly onChoose: () => void };

/** A sender of the gallery. Its title alone is its name: what it does is its description. */
function SenderChoice({ sender: { title, detail }, isChosen, onChoose }: SenderChoiceProps) {
  const id = useId();
  return (
    <label className="sender">
      <input
        type="radio"
        name="sender"
        checked={isChosen}
        onChange={onChoose}
        aria-labelledby={`${id}title`}
        aria-describedby={`${id}detail`}
      />
      <span>
        <span id={`${id}title`}>{title}</span>
        <span id={`${id}detail`} className="muted small sender-detail">
          {detail}
        </span>
      </span>
    </label>
  );
}

/** The authentication that the page of a sender recommends. */
function recommended(auth: GuideAuth | null): AuthDraft {
  return auth === null ? NO_AUTH : { ...NO_AUTH, type: auth.type, username: auth.username ?? "" };
}

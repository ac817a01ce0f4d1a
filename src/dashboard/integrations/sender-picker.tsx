import { useId, useState } from "react";
import { TextField } from "../forms/fields.tsx";
import { SENDER_GROUPS, type Sender, type SenderGroup, searchSenders } from "./senders.ts";

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

type SenderPickerProps = {
  readonly senders: readonly Sender[];
  readonly chosen: Sender | undefined;
  readonly onChoose: (sender: Sender) => void;
};

/** The gallery of all senders, with a search. */
export function SenderPicker({ senders, chosen, onChoose }: SenderPickerProps) {
  const [text, setText] = useState("");
  const shown = searchSenders(senders, text);
  return (
    <>
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
                  isChosen={one.id === chosen?.id}
                  onChoose={() => onChoose(one)}
                />
              ))}
            </div>
          );
        })}
      </fieldset>
    </>
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

import { PlusIcon } from "@phosphor-icons/react/dist/csr/Plus";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Event } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { eventTitle } from "../events/event-title.ts";
import { clockTime } from "../ui/time-text.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { type Field, documentOf, fieldsOf } from "./filter/event-document.ts";
import { sampleQuery } from "./samples-query.ts";

type EventFieldsProps = {
  readonly samples: readonly Event[];
  readonly eventId: string | undefined;
  readonly onSelect: (id: string) => void;
  /** Null for a reader. */
  readonly onPick: ((field: Field) => void) | null;
};

/** The fields of a stored event. A click on one makes a condition of it. */
export function EventFields({ samples, eventId, onSelect, onPick }: EventFieldsProps) {
  const [text, setText] = useState("");
  const id = eventId ?? typicalOf(samples)?.id;
  const isListed = samples.some((event) => event.id === id);
  if (id === undefined) return <p className="muted small">The fields of stored events appear here.</p>;
  return (
    <>
      <div className="fields-head">
        <select
          className="field"
          aria-label="Event whose fields are shown"
          value={id}
          onChange={(event) => onSelect(event.target.value)}
        >
          {isListed ? null : <option value={id}>{id}</option>}
          {samples.map((event) => (
            <option key={event.id} value={event.id}>
              {`${clockTime(new Date(event.received_at), new Date())}  ${eventTitle(event)}`}
            </option>
          ))}
        </select>
        <input
          className="field"
          type="search"
          aria-label="Find a field"
          placeholder="Find a field or value"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <FieldList id={id} text={text} onPick={onPick} />
    </>
  );
}

/** The newest event that a sender sent. Actions by hand and the gateway's own events have few fields. */
function typicalOf(samples: readonly Event[]): Event | undefined {
  return samples.find(({ type }) => type === "alert.created" || type === "event.received") ?? samples[0];
}

function FieldList({
  id,
  text,
  onPick,
}: { readonly id: string; readonly text: string } & Pick<EventFieldsProps, "onPick">) {
  const { data: event, error, refetch } = useQuery(sampleQuery(id));
  if (event === undefined) {
    return error === null ? (
      <Loading rows={4} label="Loading the fields" />
    ) : (
      <Failed error={error} onRetry={() => void refetch()} />
    );
  }
  const wanted = text.trim().toLowerCase();
  const fields = fieldsOf(documentOf(event)).filter(({ path, value }) =>
    `${path} ${writeJson(value)}`.toLowerCase().includes(wanted),
  );
  if (fields.length === 0) return <p className="muted small">No field contains this text.</p>;
  return (
    <ul className="field-list" aria-label="Fields of the event">
      {fields.map((field) => (
        <li key={writeJson([field.path, field.value])}>
          {onPick === null ? (
            <FieldText field={field} />
          ) : (
            <button
              type="button"
              className="field-button"
              title="Add a condition on this value"
              onClick={() => onPick(field)}
            >
              <span className="visually-hidden">Add a condition on </span>
              <FieldText field={field} />
              <PlusIcon size={13} aria-hidden="true" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function FieldText({ field: { path, value } }: { readonly field: Field }) {
  return (
    <span className="field-text">
      <code>
        <bdi>{path}</bdi>
      </code>
      <code className="muted field-value">
        <bdi>{writeJson(value).slice(0, 200)}</bdi>
      </code>
    </span>
  );
}

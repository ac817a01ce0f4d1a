import { useQuery } from "@tanstack/react-query";
import { integrationsQuery } from "../api/names.ts";
import type { Event } from "../../client/index.ts";
import { eventTitle } from "../events/event-title.ts";
import { SelectField } from "../forms/fields.tsx";
import { clockTime } from "../ui/time-text.ts";
import type { Kind, PreviewSearch } from "./search.ts";

/** Stand for no choice: the newest event, and the payload that nobody sent. */
export const NEWEST = "newest";
export const SAMPLE = "sample";
/** Stands for the events of all integrations. */
export const ALL = "all";

const KIND_NAMES = { integration: "On an integration", destination: "On a destination" } as const;

type ChoiceProps = {
  readonly search: PreviewSearch;
  readonly kind: Kind;
  /** Whose events are offered. */
  readonly integration: string;
  /** Whose events are offered if the address names none. */
  readonly usualIntegration: string;
  readonly events: readonly Event[];
  readonly onChange: (search: PreviewSearch) => void;
};

/** The choice of what the preview runs the code over. It is in the address. */
export function PreviewChoice(props: ChoiceProps) {
  const { search, kind, integration, usualIntegration, events, onChange } = props;
  const { data: integrations = [] } = useQuery(integrationsQuery);
  const event = search.event ?? NEWEST;
  const isListed = event === NEWEST || event === SAMPLE || events.some(({ id }) => id === event);
  return (
    <div className="preview-choice">
      <SelectField
        label="The code runs"
        path="kind"
        value={kind}
        options={(["integration", "destination"] as const).map((value) => ({ value, label: KIND_NAMES[value] }))}
        onChange={(chosen) => onChange({ ...search, kind: chosen })}
      />
      <SelectField
        label="Events of"
        path="integration_id"
        value={integration}
        options={[
          { value: ALL, label: "All integrations" },
          ...integrations.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(id) => onChange({ kind: search.kind, ...(id === usualIntegration ? {} : { integration: id }) })}
      />
      <SelectField
        label="Event"
        path="event_id"
        value={event}
        options={[
          { value: NEWEST, label: "The newest event" },
          { value: SAMPLE, label: "A sample" },
          ...(isListed ? [] : [{ value: event, label: event }]),
          ...events.map((each) => ({
            value: each.id,
            label: `${clockTime(new Date(each.received_at), new Date())} ${eventTitle(each)}`,
          })),
        ]}
        onChange={(id) => {
          const { event: _event, ...others } = search;
          onChange(id === NEWEST ? others : { ...others, event: id });
        }}
      />
    </div>
  );
}

import { FormSection } from "../forms/form.tsx";
import { SelectField, TextField } from "../forms/fields.tsx";
import { windowText } from "./window-text.ts";
import type { Draft } from "./draft.ts";

const WINDOWS = [
  { value: "0", label: "Deliver each event" },
  { value: "60", label: "Group for 1 minute" },
  { value: "300", label: "Group for 5 minutes" },
  { value: "900", label: "Group for 15 minutes" },
  { value: "3600", label: "Group for 1 hour" },
  { value: "86400", label: "Group for 1 day" },
] as const;

type GroupingFieldsProps = { readonly draft: Draft; readonly onChange: (changed: Partial<Draft>) => void };

/** Whether and how a route collects events into one delivery. */
export function GroupingFields({ draft, onChange }: GroupingFieldsProps) {
  const { windowSeconds, groupBy, groupAttributes } = draft;
  const isKnown = WINDOWS.some(({ value }) => value === windowSeconds);
  const options = isKnown
    ? WINDOWS
    : [...WINDOWS, { value: windowSeconds, label: `Group for ${windowText(Number(windowSeconds))}` }];
  return (
    <FormSection title="Grouping">
      <SelectField<string>
        label="Delivery"
        path="group_window_seconds"
        options={options}
        value={windowSeconds}
        onChange={(value) => onChange({ windowSeconds: value })}
        hint="A group is one delivery for all events that arrive within the time after its first one."
      />
      {windowSeconds === "0" ? null : (
        <>
          <TextField
            label="Group by"
            path="group_by"
            value={groupBy}
            onChange={(value) => onChange({ groupBy: value })}
            placeholder="{{ data.alert.urgency }}/{{ host }}"
            hint="A template: events with the same text form a group. Empty for one group of each alert."
          />
          <TextField
            label="Count values of"
            path="group_attributes"
            value={groupAttributes.replaceAll("\n", ", ")}
            onChange={(value) => onChange({ groupAttributes: value })}
            placeholder="host, labels.region"
            hint="Fields whose values are counted, with commas between them. Empty for the payload's attributes."
          />
        </>
      )}
    </FormSection>
  );
}

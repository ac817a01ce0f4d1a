import { useState } from "react";
import { SelectFilter } from "./filter-bar.tsx";
import { RANGES, type Times, fromLocalField, toLocalField } from "./ranges.ts";

const BETWEEN = "between";
const OPTIONS = [...RANGES, { value: BETWEEN, label: "Between…" } as const];

type TimeFilterProps = { readonly times: Times; readonly onChange: (times: Required<Times>) => void };

/** A filter by time: a range that ends now, or two times. */
export function TimeFilter({ times, onChange }: TimeFilterProps) {
  const { range, from, to } = times;
  const [isAsked, setIsAsked] = useState(false);
  const change = (between: { readonly from: string | undefined; readonly to: string | undefined }): void => {
    setIsAsked(false);
    onChange({ range: undefined, ...between });
  };
  const isBetween = range === undefined && (isAsked || from !== undefined || to !== undefined);
  return (
    <>
      <SelectFilter
        label="Time"
        all="All time"
        options={OPTIONS}
        value={range ?? (isBetween ? BETWEEN : undefined)}
        onChange={(chosen) => {
          setIsAsked(chosen === BETWEEN);
          onChange({ range: chosen === BETWEEN ? undefined : chosen, from: undefined, to: undefined });
        }}
      />
      {isBetween ? (
        <>
          <TimeField label="From" value={from} onChange={(at) => change({ from: at, to })} />
          <TimeField label="To" value={to} onChange={(at) => change({ from, to: at })} />
        </>
      ) : null}
    </>
  );
}

type TimeFieldProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

/** The browser's own field for a date and a time. It changes the filter only if it holds a whole time or none. */
function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <label className="time-field">
      <span className="muted small">{label}</span>
      <input
        key={value}
        type="datetime-local"
        defaultValue={toLocalField(value)}
        onBlur={(event) => {
          const at = fromLocalField(event.target.value);
          if (at !== value && event.target.validity.valid) onChange(at);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
    </label>
  );
}

import { XIcon } from "@phosphor-icons/react/dist/csr/X";
import { Button } from "@cloudflare/kumo/components/button";
import { Input } from "@cloudflare/kumo/components/input";
import { Select } from "@cloudflare/kumo/components/select";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";

type FilterBarProps = { readonly children: ReactNode; readonly isFiltered: boolean; readonly onClear: () => void };

/** The filters above a list. Each is a part of the address. */
export function FilterBar({ children, isFiltered, onClear }: FilterBarProps) {
  return (
    <search className="filters" aria-label="Filters">
      {children}
      {isFiltered ? (
        <Button size="sm" variant="ghost" icon={<XIcon aria-hidden="true" />} onClick={onClear}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

type SelectFilterProps<Value extends string> = {
  readonly label: string;
  /** The text for "no filter", such as "All types". */
  readonly all: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value | undefined) => void;
};

const ALL = "";

/** A filter with a closed list of values. */
export function SelectFilter<Value extends string>({ label, all, options, value, onChange }: SelectFilterProps<Value>) {
  return (
    <Select
      size="sm"
      className="filter-select"
      aria-label={label}
      value={value ?? ALL}
      onValueChange={(chosen: string | null) => onChange(options.find((option) => option.value === chosen)?.value)}
      items={{ [ALL]: all, ...Object.fromEntries(options.map((option) => [option.value, option.label])) }}
    />
  );
}

type SearchFilterProps = {
  /** Whether the key `/` leads to it. One field of a page may have the key. */
  readonly hasKey?: boolean;
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
};

/** Waits until typing pauses: each search makes the gateway read rows. */
const PAUSE_MS = 350;

/** A filter by text. */
export function SearchFilter({ hasKey = true, label, value = "", onChange }: SearchFilterProps) {
  const [draft, setDraft] = useState({ of: value, text: value });
  const field = useRef<HTMLInputElement>(null);
  const text = draft.of === value ? draft.text : value;
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => latest.current(text.trim() === "" ? undefined : text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcuts(hasKey ? { "/": () => field.current?.focus() } : {});
  return (
    <Input
      ref={field}
      size="sm"
      className="filter-search"
      type="search"
      aria-label={label}
      placeholder={hasKey ? `${label}  /` : label}
      maxLength={200}
      value={text}
      onChange={(event) => setDraft({ of: value, text: event.target.value })}
      onKeyDown={(event) => {
        // The keys that select rows then work.
        if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

type FilterChipProps = { readonly label: string; readonly value: string; readonly onClear: () => void };

/** A filter that a link set and that has no field of its own, such as one alert. */
export function FilterChip({ label, value, onClear }: FilterChipProps) {
  return (
    <Button size="sm" variant="secondary" className="filter-chip" title="Clear this filter" onClick={onClear}>
      <span className="visually-hidden">Clear the filter</span>
      <span className="muted">{label}</span> <bdi>{value}</bdi>
      <XIcon aria-hidden="true" />
    </Button>
  );
}

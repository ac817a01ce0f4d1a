import { Editor } from "../forms/editor.tsx";
import type { FieldErrors } from "../forms/field-errors.ts";
import { useMemo } from "react";
import { type Filter, matchOf, withTree, withView } from "./draft.ts";
import type { KnownField } from "./filter/event-document.ts";
import { FilterBuilder } from "./filter/filter-builder.tsx";
import { lineOf, readJson } from "./filter/json-lines.ts";

type MatchFieldProps = {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly fields: readonly KnownField[];
  /** What the gateway says about the filter as it is. */
  readonly errors: FieldErrors;
  readonly isReadOnly: boolean;
};

const PATH = /^match\.?/u;
const VIEWS = [
  { value: "builder", label: "Builder" },
  { value: "json", label: "JSON" },
] as const;

/** The filter of a route in two views of one state. */
export function MatchField({ filter, onChange, fields, errors, isReadOnly }: MatchFieldProps) {
  const read = matchOf(filter);
  const text = filter.view === "json" ? filter.text : "";
  const problems = useMemo(() => problemsIn(text, errors), [text, errors]);
  const messages = [...errors].filter(([path]) => PATH.test(path));
  return (
    <fieldset className="form-section match-field">
      <legend>Filter</legend>
      <div className="section-head">
        <fieldset className="segments">
          <legend className="visually-hidden">View of the filter</legend>
          {VIEWS.map(({ value, label }) => (
            <label key={value} className="segment" data-selected={filter.view === value}>
              <input
                type="radio"
                name="filter-view"
                className="visually-hidden"
                checked={filter.view === value}
                disabled={!read.ok && filter.view !== value}
                onChange={() => onChange(withView(filter, value))}
              />
              {label}
            </label>
          ))}
        </fieldset>
        {read.ok && read.match === null ? (
          <span className="muted">Without conditions, every event matches.</span>
        ) : null}
      </div>
      {filter.view === "builder" ? (
        <FilterBuilder
          tree={filter.tree}
          fields={fields}
          isReadOnly={isReadOnly}
          onChange={(tree) => onChange(withTree(tree))}
        />
      ) : (
        <Editor
          label="Filter as JSON"
          language="json"
          value={text}
          problems={problems}
          isReadOnly={isReadOnly}
          hint="MongoDB's syntax over the body of the delivery: type, timestamp, and data with event and alert."
          onChange={(changed) => onChange({ view: "json", text: changed })}
        />
      )}
      <div className="match-messages" aria-live="polite">
        {read.ok ? null : <p className="form-error">{`Line ${read.line}: ${read.message}`}</p>}
        {read.ok
          ? messages.map(([path, message]) => (
              <p key={path} className="form-error">
                <bdi>{`${path.replace(PATH, "") || "The field"} ${message}`}</bdi>
              </p>
            ))
          : null}
      </div>
    </fieldset>
  );
}

/** Each message about the filter at its line of the text. */
function problemsIn(text: string, errors: FieldErrors) {
  if (text.trim() === "") return [];
  const read = readJson(text);
  if (!read.ok) return [{ line: read.line, message: read.message }];
  return [...errors].flatMap(([path, message]) =>
    PATH.test(path) ? [{ line: lineOf(read.lines, path.replace(PATH, "")), message }] : [],
  );
}

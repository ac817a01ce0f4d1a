import { useId } from "react";
import { useFieldError } from "../forms/form.tsx";

type Option<Value extends string> = { readonly value: Value; readonly label: string; readonly note?: string };

type ChoiceListProps<Value extends string> = {
  readonly label: string;
  readonly path: string;
  readonly options: readonly Option<Value>[];
  /** Null for all, if that is offered. */
  readonly chosen: readonly Value[] | null;
  readonly onChange: (chosen: readonly Value[] | null) => void;
  /** The text of the box for "all"; without it, each one must be chosen. */
  readonly all?: string;
  readonly hint?: string;
  /** What an empty list says. */
  readonly empty?: string;
  readonly isReadOnly: boolean;
};

/** A list of boxes. With the box for "all" checked, none of the others counts. */
export function ChoiceList<Value extends string>(props: ChoiceListProps<Value>) {
  const { label, path, options, chosen, onChange, all, hint, empty, isReadOnly } = props;
  const error = useFieldError(path);
  const errorId = useId();
  const toggle = (value: Value, isOn: boolean): void => {
    const others = (chosen ?? []).filter((each) => each !== value);
    const next = isOn ? [...others, value] : others;
    onChange(next.length === 0 && all !== undefined ? null : next);
  };
  return (
    <fieldset className="choices" aria-describedby={error === undefined ? undefined : errorId} disabled={isReadOnly}>
      <legend>{label}</legend>
      {hint === undefined ? null : <p className="muted small">{hint}</p>}
      <div className="choice-boxes">
        {all === undefined ? null : (
          <label className="choice">
            <input type="checkbox" checked={chosen === null} onChange={() => onChange(null)} />
            <span>{all}</span>
          </label>
        )}
        {options.map(({ value, label: name, note }) => (
          <label key={value} className="choice">
            <input
              type="checkbox"
              checked={chosen !== null && chosen.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
            />
            <bdi>{name}</bdi>
            {note === undefined ? null : <span className="muted small">{note}</span>}
          </label>
        ))}
      </div>
      {options.length === 0 && empty !== undefined ? <p className="muted small">{empty}</p> : null}
      {error === undefined ? null : (
        <p id={errorId} className="form-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

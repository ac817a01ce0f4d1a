import { useId } from "react";
import { useFieldError } from "../forms/form.tsx";

type Option<Value extends string> = { readonly value: Value; readonly label: string; readonly note?: string };

type ChoiceListProps<Value extends string> = {
  readonly label: string;
  readonly path: string;
  readonly options: readonly Option<Value>[];
  /** Options that are rarely chosen. They are shown on request. */
  readonly more?: { readonly label: string; readonly options: readonly Option<Value>[] };
  /** Null for all, if that is offered. */
  readonly chosen: readonly Value[] | null;
  readonly onChange: (chosen: readonly Value[] | null) => void;
  /** The text of the box for "all"; without it, each one must be chosen. */
  readonly all?: string;
  readonly hint?: string;
  /** What an empty list says. */
  readonly empty?: string;
};

/** A list of boxes. With the box for "all" checked, none of the others counts. */
export function ChoiceList<Value extends string>(props: ChoiceListProps<Value>) {
  const { label, path, options, more, chosen, onChange, all, hint, empty } = props;
  const error = useFieldError(path);
  const errorId = useId();
  const toggle = (value: Value, isOn: boolean): void => {
    const others = (chosen ?? []).filter((each) => each !== value);
    const next = isOn ? [...others, value] : others;
    onChange(next.length === 0 && all !== undefined ? null : next);
  };
  const box = ({ value, label: name, note }: Option<Value>) => (
    <label key={value} className="choice">
      <input
        type="checkbox"
        checked={chosen?.includes(value) === true}
        onChange={(event) => toggle(value, event.target.checked)}
      />
      <bdi>{name}</bdi>
      {note === undefined ? null : <span className="muted small">{note}</span>}
    </label>
  );
  return (
    <fieldset className="choices" aria-describedby={error === undefined ? undefined : errorId}>
      <legend>{label}</legend>
      {hint === undefined ? null : <p className="muted small">{hint}</p>}
      <div className="choice-boxes">
        {all === undefined ? null : (
          <label className="choice">
            <input type="checkbox" checked={chosen === null} onChange={() => onChange(null)} />
            <span>{all}</span>
          </label>
        )}
        {options.map(box)}
      </div>
      {more === undefined ? null : (
        <details className="more-choices" open={more.options.some(({ value }) => chosen?.includes(value))}>
          <summary>{more.label}</summary>
          <div className="choice-boxes">{more.options.map(box)}</div>
        </details>
      )}
      {options.length === 0 && empty !== undefined ? <p className="muted small">{empty}</p> : null}
      {error === undefined ? null : (
        <p id={errorId} className="form-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

import { type KeyboardEvent, useId, useState } from "react";
import { isNumber } from "../../../model/digits.ts";
import { readNumber, writeJson } from "../../../model/portable-json.ts";
import type { Scalar } from "./operators.ts";

const TYPES = [
  { value: "text", label: "text" },
  { value: "number", label: "number" },
  { value: "true", label: "true" },
  { value: "false", label: "false" },
  { value: "null", label: "null" },
] as const;
type TypeName = (typeof TYPES)[number]["value"];

function typeOf(value: Scalar): TypeName {
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  return isNumber(value) ? "number" : "text";
}

function convert(value: Scalar, type: TypeName): Scalar {
  switch (type) {
    case "text":
      return value === null ? "" : String(value);
    case "number":
      return readNumber(String(value)) ?? Number(value === true);
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
  }
}

type ValueFieldProps = {
  readonly label: string;
  readonly value: Scalar;
  readonly onChange: (value: Scalar) => void;
  /** Values that stored events have at the path. */
  readonly suggestions: readonly Scalar[];
  /** Whether only a text makes sense, so that no type is offered. */
  readonly isText: boolean;
  readonly isReadOnly: boolean;
};

/** A value with its type. Filters compare values of the same type only, so the type is a part of the value. */
export function ValueField({ label, value, onChange, suggestions, isText, isReadOnly }: ValueFieldProps) {
  const listId = useId();
  const type = isText ? "text" : typeOf(value);
  const [draft, setDraft] = useState<string | null>(null);
  const write = (text: string): void => {
    setDraft(type === "number" ? text : null);
    if (type === "text") {
      // A suggestion brings its type along: 5 as a number if stored events have numbers.
      const known = isText ? undefined : suggestions.find((each) => typeof each !== "string" && String(each) === text);
      onChange(known === undefined ? text : known);
    } else {
      const number = readNumber(text);
      if (number !== null) onChange(number);
    }
  };
  return (
    <>
      {type === "text" || type === "number" ? (
        <input
          className="field"
          aria-label={label}
          list={listId}
          value={draft !== null && type === "number" ? draft : String(value ?? "")}
          inputMode={type === "number" ? "decimal" : "text"}
          placeholder="value"
          spellCheck={false}
          autoComplete="off"
          readOnly={isReadOnly}
          onChange={(event) => write(event.target.value)}
          onBlur={() => setDraft(null)}
        />
      ) : null}
      <datalist id={listId}>
        {suggestions.map((each) => (
          <option key={String(each)} value={String(each)} />
        ))}
      </datalist>
      {isText ? null : (
        <select
          className="field condition-type"
          aria-label={`Type of the ${label.toLowerCase()}`}
          value={type}
          disabled={isReadOnly}
          onChange={(event) => {
            const found = TYPES.find((each) => each.value === event.target.value);
            setDraft(null);
            if (found !== undefined) onChange(convert(value, found.value));
          }}
        >
          {TYPES.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

type ValuesFieldProps = {
  readonly values: readonly Scalar[];
  readonly onChange: (values: readonly Scalar[]) => void;
  readonly suggestions: readonly Scalar[];
  readonly isReadOnly: boolean;
};

/** The values of "is one of": each is a chip that can be removed. */
export function ValuesField({ values, onChange, suggestions, isReadOnly }: ValuesFieldProps) {
  const listId = useId();
  const [draft, setDraft] = useState("");
  const add = (text: string): void => {
    const known = suggestions.find((each) => String(each) === text);
    const value = known === undefined ? text : known;
    setDraft("");
    if (text !== "" && !values.some((each) => writeJson(each) === writeJson(value))) onChange([...values, value]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    add(draft.trim());
  };
  return (
    <span className="condition-value condition-values">
      {values.map((value) => (
        <span key={writeJson(value)} className="chip">
          <bdi>{typeof value === "string" ? value : writeJson(value)}</bdi>
          {isReadOnly ? null : (
            <button
              type="button"
              aria-label={`Remove ${String(value)}`}
              onClick={() => onChange(values.filter((each) => each !== value))}
            >
              ×
            </button>
          )}
        </span>
      ))}
      {isReadOnly ? null : (
        <input
          className="field"
          aria-label="Add a value"
          list={listId}
          value={draft}
          placeholder={values.length === 0 ? "value, then Enter" : "another value"}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => add(draft.trim())}
        />
      )}
      <datalist id={listId}>
        {suggestions.map((each) => (
          <option key={String(each)} value={String(each)} />
        ))}
      </datalist>
    </span>
  );
}

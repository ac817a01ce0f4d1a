import { TrashIcon } from "@phosphor-icons/react/dist/csr/Trash";
import { isScalar, LIST_OPERATORS, OPERATORS, TEXT_OPERATORS, type Test, VALUELESS_OPERATORS } from "./operators.ts";
import type { KnownField } from "./event-document.ts";
import type { Condition } from "./match-tree.ts";
import { ValueField, ValuesField } from "./value-field.tsx";

type ConditionRowProps = {
  readonly condition: Condition;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
  readonly fields: readonly KnownField[];
  /** The id of the list with the paths of stored events. */
  readonly pathsId: string;
  readonly isReadOnly: boolean;
};

/** The value that an operator begins with after another one had been chosen. */
function withOperator(test: Test, operator: Test["operator"]): Test {
  const isList = LIST_OPERATORS.includes(operator);
  const wasList = LIST_OPERATORS.includes(test.operator);
  const [first = ""] = test.values;
  const values = isList && !wasList && test.value !== "" ? [test.value] : test.values;
  const value = wasList && !isList ? first : test.value;
  return { ...test, operator, values, value: TEXT_OPERATORS.includes(operator) ? String(value ?? "") : value };
}

export function ConditionRow({ condition, onChange, onRemove, fields, pathsId, isReadOnly }: ConditionRowProps) {
  const { path, test } = condition;
  const suggestions = (fields.find((field) => field.path === path)?.values ?? []).filter(isScalar);
  const change = (changed: Partial<Test>): void => onChange({ ...condition, test: { ...test, ...changed } });
  const isText = TEXT_OPERATORS.includes(test.operator);
  return (
    <div className="condition" role="group" aria-label={path === "" ? "New condition" : `Condition on ${path}`}>
      <input
        className="field condition-path"
        aria-label="Field"
        list={pathsId}
        value={path}
        placeholder="field, such as data.alert.urgency"
        spellCheck={false}
        autoComplete="off"
        readOnly={isReadOnly}
        aria-invalid={path === ""}
        onChange={(event) => onChange({ ...condition, path: event.target.value })}
      />
      <select
        className="field condition-operator"
        aria-label="Operator"
        value={test.operator}
        disabled={isReadOnly}
        onChange={(event) => {
          const found = OPERATORS.find(({ value }) => value === event.target.value);
          if (found !== undefined) onChange({ ...condition, test: withOperator(test, found.value) });
        }}
      >
        {OPERATORS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {VALUELESS_OPERATORS.includes(test.operator) ? (
        <span className="condition-value" />
      ) : LIST_OPERATORS.includes(test.operator) ? (
        <ValuesField
          values={test.values}
          suggestions={suggestions}
          isReadOnly={isReadOnly}
          onChange={(values) => change({ values })}
        />
      ) : (
        <span className="condition-value">
          <ValueField
            label="Value"
            value={test.value}
            suggestions={suggestions}
            isText={isText}
            isReadOnly={isReadOnly}
            onChange={(value) => change({ value })}
          />
          {isText ? (
            <label className="condition-case" title="Ignore upper and lower case">
              <input
                type="checkbox"
                checked={test.ignoresCase}
                disabled={isReadOnly}
                onChange={(event) => change({ ignoresCase: event.target.checked })}
              />
              any case
            </label>
          ) : null}
        </span>
      )}
      {isReadOnly ? null : (
        <button type="button" className="icon-button" aria-label="Remove the condition" onClick={onRemove}>
          <TrashIcon size={16} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

import { PlusIcon } from "@phosphor-icons/react/dist/csr/Plus";
import { Button } from "@cloudflare/kumo/components/button";
import { useId } from "react";
import { writeJson } from "../../../model/portable-json.ts";
import { ConditionRow } from "./condition-row.tsx";
import type { KnownField } from "./event-document.ts";
import { type Combination, EMPTY_CONDITION, type Group, type Node, type Raw } from "./match-tree.ts";

const COMBINATIONS = [
  { value: "all", label: "All of these hold" },
  { value: "any", label: "Any of these holds" },
  { value: "none", label: "None of these holds" },
] as const satisfies readonly { readonly value: Combination; readonly label: string }[];

type BuilderProps = {
  readonly tree: Group;
  readonly onChange: (tree: Group) => void;
  readonly fields: readonly KnownField[];
  readonly isReadOnly: boolean;
};

/** The conditions of a filter as rows and nested groups. */
export function FilterBuilder({ tree, onChange, fields, isReadOnly }: BuilderProps) {
  const pathsId = useId();
  return (
    <div className="builder">
      <datalist id={pathsId}>
        {fields.map(({ path, values }) => (
          <option key={path} value={path}>
            {values
              .slice(0, 3)
              .map((value) => writeJson(value))
              .join(", ")
              .slice(0, 60)}
          </option>
        ))}
      </datalist>
      <GroupView group={tree} onChange={onChange} fields={fields} pathsId={pathsId} isReadOnly={isReadOnly} />
    </div>
  );
}

type GroupViewProps = {
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  readonly onRemove?: () => void;
  readonly fields: readonly KnownField[];
  readonly pathsId: string;
  readonly isReadOnly: boolean;
};

function GroupView({ group, onChange, onRemove, fields, pathsId, isReadOnly }: GroupViewProps) {
  const { combination, items } = group;
  const replace = (index: number, node: Node): void => onChange({ ...group, items: items.with(index, node) });
  const remove = (index: number): void => {
    // A nested group without conditions says nothing, so it goes with its last one.
    if (items.length === 1 && onRemove !== undefined) onRemove();
    else onChange({ ...group, items: items.toSpliced(index, 1) });
  };
  const add = (node: Node): void => onChange({ ...group, items: [...items, node] });
  return (
    <div
      className="match-group"
      role="group"
      aria-label={COMBINATIONS.find(({ value }) => value === combination)?.label}
    >
      {items.length > 1 || combination !== "all" || onRemove !== undefined ? (
        <div className="match-group-head">
          <select
            className="field"
            aria-label="How the conditions are combined"
            value={combination}
            disabled={isReadOnly}
            onChange={(event) => {
              const found = COMBINATIONS.find(({ value }) => value === event.target.value);
              if (found !== undefined) onChange({ ...group, combination: found.value });
            }}
          >
            {COMBINATIONS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {items.map((item, index) => (
        <NodeView
          key={`${index}`}
          node={item}
          fields={fields}
          pathsId={pathsId}
          isReadOnly={isReadOnly}
          onChange={(node) => replace(index, node)}
          onRemove={() => remove(index)}
        />
      ))}
      {isReadOnly ? null : (
        <div className="match-group-actions">
          <Button
            type="button"
            size="sm"
            variant="secondary"
            icon={<PlusIcon aria-hidden="true" />}
            onClick={() => add(EMPTY_CONDITION)}
          >
            Add condition
          </Button>
          <Button
            type="button"
            size="sm"
            variant="ghost"
            onClick={() => add({ kind: "group", combination: "any", items: [EMPTY_CONDITION] })}
          >
            Add group
          </Button>
        </div>
      )}
    </div>
  );
}

type NodeViewProps = Omit<GroupViewProps, "group" | "onChange" | "onRemove"> & {
  readonly node: Node;
  readonly onChange: (node: Node) => void;
  readonly onRemove: () => void;
};

function NodeView({ node, onChange, onRemove, ...props }: NodeViewProps) {
  switch (node.kind) {
    case "condition":
      return <ConditionRow condition={node} onChange={onChange} onRemove={onRemove} {...props} />;
    case "raw":
      return <RawView raw={node} isReadOnly={props.isReadOnly} onRemove={onRemove} />;
    case "group":
      return <GroupView group={node} onChange={onChange} onRemove={onRemove} {...props} />;
  }
}

/** A part that the builder has no words for. */
function RawView({
  raw,
  onRemove,
  isReadOnly,
}: {
  readonly raw: Raw;
  readonly onRemove: () => void;
  readonly isReadOnly: boolean;
}) {
  return (
    <div className="condition raw-condition" role="group" aria-label="Condition in JSON">
      <code>
        <bdi>{writeJson(raw.query)}</bdi>
      </code>
      <span className="muted small">Edit it as JSON.</span>
      {isReadOnly ? null : (
        <Button type="button" size="xs" variant="ghost" onClick={onRemove}>
          Remove the condition
        </Button>
      )}
    </div>
  );
}

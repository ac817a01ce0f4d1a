import { useQuery } from "@tanstack/react-query";
import { transformationsQuery } from "../api/names.ts";
import { SelectField } from "../forms/fields.tsx";

const NONE = "none";

type FieldProps = {
  /** The id; empty for none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly hint: string;
};

/** The choice of a transformation on an integration or a destination. */
export function TransformationField({ value, onChange, hint }: FieldProps) {
  const { data = [] } = useQuery(transformationsQuery);
  const isListed = value === "" || data.some(({ id }) => id === value);
  return (
    <SelectField
      label="Transformation"
      path="transformation_id"
      hint={hint}
      value={value === "" ? NONE : value}
      options={[
        { value: NONE, label: "None" },
        ...(isListed ? [] : [{ value, label: value }]),
        ...data.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(id) => onChange(id === NONE ? "" : id)}
    />
  );
}

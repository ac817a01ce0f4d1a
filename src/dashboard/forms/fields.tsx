import { Input } from "@cloudflare/kumo/components/input";
import { Select } from "@cloudflare/kumo/components/select";
import { Switch } from "@cloudflare/kumo/components/switch";
import { useFieldError } from "./form.tsx";

type FieldProps<Value> = {
  readonly label: string;
  /** The path of the field in the body, such as `auth.token`. The gateway's message about it is shown here. */
  readonly path: string;
  readonly hint?: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
};

type TextFieldProps = FieldProps<string> & {
  readonly type?: "text" | "password" | "number" | "url";
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly hasFocus?: boolean;
};

export function TextField({
  label,
  path,
  hint,
  value,
  onChange,
  type = "text",
  placeholder,
  isRequired = false,
  hasFocus = false,
}: TextFieldProps) {
  const error = useFieldError(path);
  return (
    <Input
      label={label}
      type={type}
      value={value}
      autoFocus={hasFocus}
      autoComplete={type === "password" ? "new-password" : "off"}
      spellCheck={false}
      aria-required={isRequired}
      onChange={(event) => onChange(event.target.value)}
      {...(hint === undefined ? {} : { description: hint })}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(error === undefined ? {} : { error, "aria-invalid": true })}
    />
  );
}

type SelectFieldProps<Value extends string> = FieldProps<Value> & {
  readonly options: readonly { readonly value: Value; readonly label: string }[];
};

export function SelectField<Value extends string>({
  label,
  path,
  hint,
  value,
  onChange,
  options,
}: SelectFieldProps<Value>) {
  const error = useFieldError(path);
  return (
    <Select
      label={label}
      value={value}
      onValueChange={(chosen: string | null) => {
        const found = options.find((option) => option.value === chosen);
        if (found !== undefined) onChange(found.value);
      }}
      items={Object.fromEntries(options.map((option) => [option.value, option.label]))}
      {...(hint === undefined ? {} : { description: hint })}
      {...(error === undefined ? {} : { error })}
    />
  );
}

export function SwitchField({ label, path, hint, value, onChange }: FieldProps<boolean>) {
  const error = useFieldError(path);
  return (
    <div className="switch-field">
      <Switch label={label} checked={value} onCheckedChange={onChange} />
      {hint === undefined ? null : <p className="muted small">{hint}</p>}
      {error === undefined ? null : <p className="form-error">{error}</p>}
    </div>
  );
}

import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, createContext, use, useEffect, useRef, useState } from "react";
import { ClientError, describeFailure } from "../../client/index.ts";
import { type FieldErrors, NO_FIELD_ERRORS, errorAt, errorsBeside, fieldErrorsOf } from "./field-errors.ts";
import { Unsaved } from "./unsaved.tsx";

const Errors = createContext<FieldErrors>(NO_FIELD_ERRORS);
/** The paths of the fields that a form shows now. */
const Fields = createContext<Set<string> | null>(null);
const NO_PARAMETERS: readonly string[] = [];

/** The message about the field at this path of the body, for a field inside a `Form`. */
export function useFieldError(path: string): string | undefined {
  const fields = use(Fields);
  useEffect(() => {
    if (path === "") return undefined;
    fields?.add(path);
    return () => void fields?.delete(path);
  }, [fields, path]);
  return errorAt(use(Errors), path);
}

type FormProps = {
  /** The name of the form, for screen readers. */
  readonly label: string;
  readonly onSubmit: () => void;
  readonly onCancel?: () => void;
  /** The verb of the button, such as "Create destination". */
  readonly action: string;
  readonly isBusy: boolean;
  /** The error of the last attempt to save; null without one. */
  readonly error: unknown;
  /** What cannot be sent at all, such as a text that is not a number. The gateway's messages about a field win. */
  readonly errors?: FieldErrors;
  /** Whether something is not saved: leaving the form then asks first. */
  readonly isChanged?: boolean;
  /** The parameters of the address that choose this form, such as `view` on a page with tabs. */
  readonly parameters?: readonly string[];
  readonly children: ReactNode;
};

/**
 * A form that shows the gateway's messages at their fields and moves the focus to the first of them. The gateway checks what is
 * saved, so a form has no rules of its own.
 */
export function Form({
  label,
  onSubmit,
  onCancel,
  action,
  isBusy,
  error,
  errors = NO_FIELD_ERRORS,
  isChanged = false,
  parameters = NO_PARAMETERS,
  children,
}: FormProps) {
  const [fields] = useState(() => new Set<string>());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error === null || error === undefined) return;
    const first = form.current?.querySelector<HTMLElement>("[aria-invalid='true']");
    (first ?? form.current?.querySelector<HTMLElement>("[role='alert']"))?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      className="form"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      <Fields value={fields}>
        <Errors value={new Map([...errors, ...fieldErrorsOf(error)])}>{children}</Errors>
      </Fields>
      <FormError error={error} fields={fields} />
      <Unsaved isChanged={isChanged && !isBusy} parameters={parameters} />
      <div className="form-actions">
        <Button type="submit" variant="primary" loading={isBusy}>
          {action}
        </Button>
        {onCancel === undefined ? null : (
          <Button type="button" variant="secondary" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

const REFUSED = "The gateway did not accept this:";
const MARKED = "The gateway did not accept this. Correct the marked fields.";

function describe(error: unknown): string {
  return error instanceof ClientError ? describeFailure(error.failure) : "The dashboard failed to save this.";
}

type FormErrorProps = { readonly error: unknown; readonly fields: ReadonlySet<string> };

/** Why the form was not saved. What a field says is not repeated here. */
function FormError({ error, fields }: FormErrorProps) {
  if (error === null || error === undefined) return null;
  const errors = fieldErrorsOf(error);
  const beside = errorsBeside(errors, fields);
  return (
    <div className="form-error" role="alert" tabIndex={-1}>
      <p>{errors.size === 0 ? describe(error) : beside.length > 0 ? REFUSED : MARKED}</p>
      {beside.map((text) => (
        <p key={text}>
          <bdi>{text}</bdi>
        </p>
      ))}
    </div>
  );
}

/** A group of fields under a heading. */
export function FormSection({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="form-section">
      <legend>{title}</legend>
      {hint === undefined ? null : <p className="muted">{hint}</p>}
      {children}
    </fieldset>
  );
}

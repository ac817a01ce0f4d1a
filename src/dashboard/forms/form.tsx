import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, createContext, use, useEffect, useRef } from "react";
import { ClientError, describeFailure } from "../../client/index.ts";
import { type FieldErrors, NO_FIELD_ERRORS, errorAt, fieldErrorsOf } from "./field-errors.ts";

const Errors = createContext<FieldErrors>(NO_FIELD_ERRORS);

/** The message about the field at this path of the body, for a field inside a `Form`. */
export function useFieldError(path: string): string | undefined {
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
  children,
}: FormProps) {
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
      <Errors value={new Map([...errors, ...fieldErrorsOf(error)])}>{children}</Errors>
      <FormError error={error} />
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

function FormError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  const message = error instanceof ClientError ? describeFailure(error.failure) : "The dashboard failed to save this.";
  return (
    <p className="form-error" role="alert" tabIndex={-1}>
      {message}
    </p>
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

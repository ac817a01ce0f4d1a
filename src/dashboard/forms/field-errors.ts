import { ClientError } from "../../client/index.ts";

/** What is wrong with each field: a message for each path of the request's body, such as `signing.secret`. */
export type FieldErrors = ReadonlyMap<string, string>;

export const NO_FIELD_ERRORS: FieldErrors = new Map();

/** Returns the fields that the gateway refused; nothing for another error. */
export function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof ClientError) || error.failure.kind !== "problem") return NO_FIELD_ERRORS;
  return new Map((error.failure.problem.errors ?? []).map(({ path, message }) => [path, message]));
}

/** Returns the message about a field, or about a part of it. */
export function errorAt(errors: FieldErrors, path: string): string | undefined {
  const own = errors.get(path);
  if (own !== undefined) return own;
  const part = [...errors].find(([at]) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`));
  return part === undefined ? undefined : `${part[0].slice(path.length).replace(/^\./u, "")} ${part[1]}`;
}

/** Returns the messages about fields that no field of the form shows. */
export function errorsBeside(errors: FieldErrors, shown: ReadonlySet<string>): readonly string[] {
  return [...errors].flatMap(([path, message]) => {
    const isShown = [...shown].some(
      (field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
    );
    return isShown ? [] : [path === "" ? message : `${path} ${message}`];
  });
}

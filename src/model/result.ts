export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/** A response names at most this many errors. Code that collects errors stops here. */
export const MAX_ERRORS = 20;

/** One error in a body, at a path such as `Tags[2]` or `auth.token`. */
export type FieldError = { readonly path: string; readonly message: string };

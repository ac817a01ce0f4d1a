/** Makes a value at the first call, and once. A start must not pay for values that it does not use. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

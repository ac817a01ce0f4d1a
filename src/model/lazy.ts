/** Makes a value when it is first asked for, and once: what a start does not need should not make it slower. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

// Filters in the address are plain texts, so that people can read and write them: `?outcome=created&q=disk`.

export type RawSearch = Readonly<Record<string, unknown>>;

export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

type Picked<Name extends string, Value extends string> = { readonly [Key in Name]?: Value | undefined };

/** Returns the texts with these names; empty ones are left out. */
export function text<const Name extends string>(search: RawSearch, ...names: readonly Name[]): Picked<Name, string> {
  const picked: { [Key in Name]?: string | undefined } = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === "string" && value !== "") picked[name] = value;
  }
  return picked;
}

/** Returns a value of a closed list; another value, as in an address that somebody mistyped, is left out. */
export function oneOf<const Name extends string, const Value extends string>(
  search: RawSearch,
  name: Name,
  values: readonly Value[],
): Picked<Name, Value> {
  const picked: { [Key in Name]?: Value | undefined } = {};
  const found = values.find((value) => value === search[name]);
  if (found !== undefined) picked[name] = found;
  return picked;
}

/** Returns the times with these names; a text that is not a time is left out. */
export function time<const Name extends string>(search: RawSearch, ...names: readonly Name[]): Picked<Name, string> {
  const picked: { [Key in Name]?: string | undefined } = {};
  for (const name of names) {
    const value = search[name];
    const atMs = typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(atMs)) picked[name] = new Date(atMs).toISOString();
  }
  return picked;
}

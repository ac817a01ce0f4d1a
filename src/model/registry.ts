// A registry is a map from names to modules of one kind. Its keys are the only list of the names.

function isNameIn<Name extends string>(registry: Readonly<Record<Name, unknown>>, name: string): name is Name {
  return Object.hasOwn(registry, name);
}

/** Returns the names of a registry in the order of its lines. */
export function namesIn<Name extends string>(registry: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(registry).filter((name) => isNameIn(registry, name));
}

/** Returns a module by its stored name; null if this version does not have it. */
export function findIn<Name extends string, Module>(
  registry: Readonly<Record<Name, Module>>,
  name: string,
): Module | null {
  return isNameIn(registry, name) ? registry[name] : null;
}

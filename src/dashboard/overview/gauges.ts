/** Reads the gauges, which have no labels, of the text format of Prometheus. */
export function gaugesOf(exposition: string): ReadonlyMap<string, number> {
  const samples = exposition.matchAll(/^(hookgate_\w+) (\S+)$/gm);
  return new Map([...samples].map(([, name = "", value = ""]) => [name, Number(value)]));
}

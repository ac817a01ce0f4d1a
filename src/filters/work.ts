/** What filters, or all the filters that a request is held against, may still cost; one unit is about a value looked at. */
export type Work = { left: number };

export class WorkExceeded extends Error {}

export function spend(work: Work, units: number): void {
  work.left -= units;
  if (work.left < 0) throw new WorkExceeded();
}

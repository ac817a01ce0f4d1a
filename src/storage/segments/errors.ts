/** Why an object cannot be read: it does not exist, or it does not hold what was written. */
export type SegmentFault = "missing" | "damaged";

/** A segment whose object cannot be read as it was written. */
export class SegmentError extends Error {
  readonly fault: SegmentFault;
  readonly key: string;

  constructor(fault: SegmentFault, key: string, reason: string) {
    super(`The segment ${key} is ${fault}: ${reason}`);
    this.name = "SegmentError";
    this.fault = fault;
    this.key = key;
  }
}

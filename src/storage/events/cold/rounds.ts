import { logLine } from "../../../platform/log.ts";
import { SegmentError } from "../../segments/errors.ts";
import type { Segment } from "../../segments/segment-rows.ts";

// A segment may get another object while it is read, or none. Then what reads it begins again with the rows of segments.

const MAX_ROUNDS = 3;

/** Runs a reading of segments, and again if it ends with a SegmentError. The last round gets `true`: it must leave out what fails. */
export async function inRounds<T>(read: (isLast: boolean) => Promise<T>): Promise<T> {
  for (let round = 1; round < MAX_ROUNDS; round++) {
    try {
      return await read(false);
    } catch (error) {
      if (!(error instanceof SegmentError)) throw error;
    }
  }
  return await read(true);
}

/**
 * Reads from a segment. Returns null if that is damaged, or gone in the last round, and reports it: the rest of the log must stay
 * readable.
 */
export async function orLeaveOut<T>(segment: Segment, isLast: boolean, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SegmentError) || (error.fault === "missing" && !isLast)) throw error;
    logLine("error", "segment.read_failed", { segment_id: segment.id, error: error.message });
    return null;
  }
}

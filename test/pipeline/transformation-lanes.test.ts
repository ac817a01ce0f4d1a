import { describe, expect, it } from "vitest";
import { TransformationLanes } from "../../src/pipeline/transformation-lanes.ts";

function lanesOf(...jobs: readonly string[]): TransformationLanes<string> {
  return new TransformationLanes(
    jobs,
    (job) => job.charAt(0),
    () => "unknown",
  );
}

describe("calls of several transformations", () => {
  it("begin in turns, two of each at a time", () => {
    const lanes = lanesOf("a1", "a2", "a3", "b1", "b2", "b3");
    expect([lanes.take(), lanes.take(), lanes.take(), lanes.take()]).toEqual(["a1", "b1", "a2", "b2"]);
    expect(lanes.take()).toBeUndefined();
    lanes.end("b1", false);
    expect(lanes.take()).toBe("b3");
    expect(lanes.left()).toEqual(["a3"]);
  });

  it("begin last, one at a time, if the transformation has run into a limit", () => {
    const lanes = lanesOf("a1", "a2", "a3", "a4", "b1", "b2");
    expect(lanes.take()).toBe("a1");
    lanes.end("a1", true);
    expect([lanes.take(), lanes.take(), lanes.take(), lanes.take()]).toEqual(["b1", "b2", "a2", undefined]);
    lanes.end("a2", true);
    expect(lanes.take()).toBe("a3");
  });

  it("begin last, too, if the transformation ran into a limit before this batch, and first if it is known to end", () => {
    const lanes = new TransformationLanes(
      ["s1", "s2", "u1", "u2", "p1", "p2"],
      (job) => job.charAt(0),
      (job) => (job.startsWith("s") ? "stopped" : job.startsWith("u") ? "unknown" : "proven"),
    );
    const taken = [lanes.take(), lanes.take(), lanes.take(), lanes.take(), lanes.take(), lanes.take()];
    expect(taken).toEqual(["p1", "p2", "u1", "u2", "s1", undefined]);
    expect(lanes.left()).toEqual(["s2"]);
  });
});

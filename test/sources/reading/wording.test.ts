import { describe, expect, it } from "vitest";
import { timeDatum } from "../../../src/sources/reading/wording.ts";

describe("a time", () => {
  it.each([
    "2026-02-03T04:05:06.1234567+00:00",
    "2026-02-03T04:05:06Z",
    "2026-02-03T04:05:06-0500",
    "2026-02-03 04:05:06",
    "2026-02-03",
    "Tue, 03 Feb 2026 04:05:06 GMT",
    "3 Feb 2026 04:05:06 +0100",
  ])("is shown as one: %s", (text) => {
    expect(timeDatum("At", text)).toEqual([{ format: "datetime", label: "At", value: text }]);
  });

  it.each(["yesterday", "disk 1", "2026-02-30T99:00:00Z", "1793000000", "2026-02-03T", "x 2026-02-03"])(
    "stays a text where it cannot be read: %s",
    (text) => {
      expect(timeDatum("At", text)).toEqual([{ format: "text", label: "At", value: text }]);
    },
  );

  it("is left out if it is absent", () => {
    expect(timeDatum("At", "")).toEqual([]);
  });
});

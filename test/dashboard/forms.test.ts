import { describe, expect, it } from "vitest";
import { errorAt, errorsBeside } from "../../src/dashboard/forms/field-errors.ts";

describe("the gateway's messages about a form", () => {
  const errors = new Map([
    ["auth.token", "is too short"],
    ["options.rules[0].match", "is no filter"],
    ["", "The name is taken."],
    ["nameless", "is not known"],
  ]);

  it("stand at their fields, also if they are about a part of one", () => {
    expect(errorAt(errors, "auth.token")).toBe("is too short");
    expect(errorAt(errors, "options")).toBe("rules[0].match is no filter");
    expect(errorAt(errors, "name")).toBeUndefined();
  });

  it("are listed below the form only if no field shows them", () => {
    expect(errorsBeside(errors, new Set(["auth.token", "options", "name"]))).toEqual([
      "The name is taken.",
      "nameless is not known",
    ]);
    expect(errorsBeside(errors, new Set())).toHaveLength(4);
  });
});

import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT, draftFor } from "../../src/dashboard/routes/draft.ts";

describe("the form of a new route", () => {
  it("begins with the integration and the type of an event that it is for", () => {
    expect(draftFor({ integration_id: "int_1", type: "event.received" }, undefined)).toEqual({
      ...EMPTY_DRAFT,
      integrationIds: ["int_1"],
      eventTypes: ["event.received"],
    });
    expect(draftFor({ integration_id: null, type: "destination.failing" }, "dst_1")).toEqual({
      ...EMPTY_DRAFT,
      eventTypes: ["destination.failing"],
      destinationIds: ["dst_1"],
    });
  });

  it("takes the whole of an alert, so that it is resolved where it was opened", () => {
    const whole = ["alert.created", "alert.updated", "alert.acknowledged", "alert.resolved"];
    expect(draftFor({ integration_id: "int_1", type: "alert.created" }, undefined).eventTypes).toEqual(whole);
    const repeated = draftFor({ integration_id: "int_1", type: "alert.repeated" }, undefined);
    expect(repeated.eventTypes).toEqual([...whole, "alert.repeated"]);
  });

  it("begins empty without an event, and takes all types for one that is not delivered", () => {
    expect(draftFor(undefined, undefined)).toEqual(EMPTY_DRAFT);
    expect(draftFor({ integration_id: "int_1", type: null }, undefined).eventTypes).toBeNull();
  });
});

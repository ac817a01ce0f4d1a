import { describe, expect, it } from "vitest";
import { openGateway, openLine, pluck } from "../support/flow.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";

const alert = (event_type: string, Id = "disk") => ({ event_type, Id, Title: "Disk full" });

describe("the note of an event", () => {
  it("says why a resolve or an acknowledgement did nothing", async () => {
    const line = await openLine("pagertree");
    for (const event_type of ["resolve", "acknowledge", "create", "acknowledge", "acknowledge", "resolve"]) {
      await line.send(alert(event_type));
    }
    expect(await line.events()).toMatchObject([
      { outcome: "ignored", note: "No alert with this key was open." },
      { outcome: "ignored", note: "No alert with this key was open, or it was acknowledged already." },
      { outcome: "created", note: null },
      { outcome: "acknowledged", note: null },
      { outcome: "ignored", note: "No alert with this key was open, or it was acknowledged already." },
      { outcome: "resolved", note: null },
    ]);
  });

  it("keeps what the source says, and is never empty for an event that was ignored", async () => {
    const line = await openLine("pagertree");
    await line.send(alert("creat"));
    const [ignored] = await line.events();
    expect(ignored).toMatchObject({ outcome: "ignored", note: expect.stringContaining("creat") });
  });

  it("says that no route takes an event", async () => {
    const gateway = await openGateway(["alert.resolved"]);
    const line = await gateway.open("pagertree");
    await line.send(alert("create"));
    expect(await line.events()).toMatchObject([{ unrouted: true, note: "No enabled route takes this event." }]);
  });
});

it("the list of unrouted events has no repeats of an alert that was delivered", async () => {
  const line = await openLine("pagertree");
  for (const event_type of ["create", "create", "create", "resolve"]) await line.send(alert(event_type));
  const events = await line.events();
  expect(pluck(events, "outcome")).toEqual(["created", "repeated", "repeated", "resolved"]);
  expect(pluck(events, "unrouted")).toEqual([false, false, false, false]);
  expect(events[1]?.["note"]).toContain("alert.repeated");
  expect(unwrap(await client.events.list({ unrouted: true })).data).toEqual([]);
  expect(unwrap(await client.events.list({ unrouted: false })).data).toHaveLength(4);
});

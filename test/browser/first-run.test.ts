import { beforeAll, expect, it } from "vitest";
import { violationsOn } from "./axe.ts";
import { type EmptyStand, inBrowser, openViewer, signIn, startEmptyStand } from "./stand.ts";

/** The browser reports a request that the gateway refuses as an error of the network. */
const REFUSED = /status of 400/;

let stand: EmptyStand;

beforeAll(async () => {
  stand = await startEmptyStand();
});

inBrowser("an empty gateway", () => {
  it("asks no reader to set it up", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer);
    await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
    expect(await page.getByRole("heading", { name: "Deliver a first webhook" }).count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });

  it("has first steps that can be skipped and found again", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    await page.getByRole("heading", { name: "Deliver a first webhook" }).waitFor();
    await page.getByRole("button", { name: "Skip" }).click();
    await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
    await page.getByRole("button", { name: "First steps" }).click();
    await page.getByRole("heading", { name: "Deliver a first webhook" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("has one link to create each thing on the page that lists it", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    for (const [list, action, none] of [
      ["Integrations", "Create integration", "No integrations yet"],
      ["Destinations", "Create destination", "No destinations yet"],
      ["Routes", "Create route", "No routes yet"],
      ["Transformations", "Create transformation", "No transformations yet"],
    ] as const) {
      await page.getByRole("link", { name: list, exact: true }).click();
      await page.getByText(none).waitFor();
      expect(await page.getByRole("link", { name: action }).count(), action).toBe(1);
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("leads from the empty lists to what fills them", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    for (const [list, action] of [
      ["Events", "Create integration"],
      ["Deliveries", "Create route"],
      ["Alerts", "Create integration"],
    ] as const) {
      await page.getByRole("link", { name: list, exact: true }).click();
      await page.getByText(`No ${list.toLowerCase()} yet`).waitFor();
      await page.getByRole("link", { name: action }).waitFor();
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("leads to a delivered event with a URL and a click for each step, and a reload loses nothing", async () => {
    const { receiver } = stand;
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    await page.getByRole("radio", { name: "Any webhook", exact: true }).and(page.locator(":checked")).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Create integration" }).click();
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.locator("[aria-invalid='true']").waitFor();
    await page.getByLabel("URL", { exact: true }).fill(receiver.url);
    await page.getByRole("button", { name: "Create destination" }).click();
    receiver.secret = (await page.getByText(/^whsec_/u).textContent()) ?? "";
    await page.reload();
    await page.getByRole("button", { name: "Create route" }).click();
    await page.getByText("Waiting for the first event of Any webhook.").waitFor();
    await page.getByRole("heading", { name: "Send a first event" }).and(page.locator(":focus")).waitFor();
    await page.getByRole("button", { name: "Send a first event" }).click();
    await page.getByRole("heading", { name: "Your first webhook is delivered" }).waitFor();
    await page.getByText(/accepted it: 200/u).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(receiver.arrivals.map(({ verified, type }) => [verified, type])).toEqual([[true, "event.received"]]);
    await page.getByRole("link", { name: "Show the event" }).click();
    await page.waitForURL("**/events/evt_*");
    await page.goto("/");
    await page.getByRole("heading", { name: "Nothing needs attention" }).waitFor();
    expect(await page.getByRole("button", { name: "First steps" }).count()).toBe(0);
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });
});

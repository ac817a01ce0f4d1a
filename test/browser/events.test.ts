import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;
const COUNT = 130;

async function post(fields: Record<string, unknown>): Promise<string> {
  const { body } = await stand.gateway.post(stand.integration, stand.token, { event_type: "create", ...fields });
  return body.id;
}

beforeAll(async () => {
  stand = await startStand();
  for (let index = 0; index < COUNT; index++) await post({ Id: `key-${index}`, Title: `Event ${index}` });
  await post({ Id: "key-0", Title: "Event 0", event_type: "resolve" });
});

inBrowser("the list of events", () => {
  it("puts each filter into the address, and Back takes it out", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    await page.getByRole("combobox", { name: "Outcome" }).click();
    await page.getByRole("option", { name: "resolved" }).click();
    await page.waitForURL("**/events?outcome=resolved");
    const rows = page.getByRole("list", { name: "Events" }).getByRole("listitem");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
    await rows.first().getByRole("link").click();
    await page.waitForURL("**/events/evt_*?outcome=resolved");
    await page.getByRole("article", { name: "Event" }).getByText("Received", { exact: true }).waitFor();
    await page.goBack();
    await page.waitForURL("**/events?outcome=resolved");
    await page.goBack();
    await page.waitForURL("**/events");
    await page.waitForFunction(() => document.querySelectorAll(".row").length > 1);
    expect(viewer.complaints).toEqual([]);
  });

  it("shows what was received between two times, and what no route took", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events?live=off");
    await page.locator(".row").first().waitFor();
    await page.getByRole("combobox", { name: "Time" }).click();
    await page.getByRole("option", { name: "Between…" }).click();
    await page.getByLabel("From").fill("2099-01-01T00:00");
    await page.getByLabel("From").press("Enter");
    await page.waitForURL(/[?&]from=20(?:98-12-31|99-01-01)T/);
    await page.getByText("No events match these filters").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.locator(".row").first().waitFor();
    expect(await page.getByLabel("From").count()).toBe(0);
    await page.getByRole("combobox", { name: "Routing" }).click();
    await page.getByRole("option", { name: "No route took it" }).click();
    await page.waitForURL("**/events?live=off&unrouted=true");
    await page.getByText("No events match these filters").waitFor();
    await page.goto("/events?alert=alr_none&live=off");
    await page.getByText("No events match these filters").waitFor();
    await page.getByRole("button", { name: "Clear the filter Alert alr_none" }).click();
    await page.locator(".row").first().waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("reads page after page to the oldest event, with a bounded number of rows in the document", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events?live=off");
    await page.locator(".row").first().waitFor();
    let most = 0;
    while ((await page.getByText("This is the oldest entry.").count()) === 0 || !(await isAtEnd())) {
      await page.locator(".list-scroller").evaluate((element) => element.scrollBy(0, 2_000));
      most = Math.max(most, await page.locator(".row").count());
    }
    expect(most).toBeLessThan(70);
    async function isAtEnd(): Promise<boolean> {
      return page.locator(".list-scroller").evaluate((e) => e.scrollTop + e.clientHeight >= e.scrollHeight - 2);
    }
  });

  it("shows what arrives, and never moves rows under the pointer", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    const first = page.locator(".row").first();
    await first.waitFor();
    const before = await first.getAttribute("href");
    await first.hover();
    const id = await post({ Id: "new", Title: "While the pointer rests" });
    const fresh = page.getByRole("button", { name: "1 new" });
    await fresh.waitFor();
    expect(await first.getAttribute("href")).toBe(before);
    await fresh.click();
    await page.locator(`.row[href="/events/${id}"]`).waitFor();
    await page.getByRole("heading", { level: 1 }).hover();
    const second = await post({ Id: "newer", Title: "While nobody looks" });
    await page.locator(`.row[href="/events/${second}"]`).waitFor();
  });

  it("is used by keyboard: j and k select, / searches, ? explains", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events?live=off");
    await page.locator(".row").first().waitFor();
    await page.keyboard.press("j");
    await page.locator(".row[aria-current]").waitFor();
    const first = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== first);
    await page.keyboard.press("k");
    await page.waitForURL(first);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "hidden" });
    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Search events");
  });
});

inBrowser("one event", () => {
  it("tells its story to the answer of the destination, and is replayed after a question", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const id = await post({ Id: "story", Title: "A story" });
    await signIn(viewer, `/events/${id}`);
    const story = page.getByRole("region", { name: "What became of it" });
    await story.getByText("delivered").waitFor();
    await story.getByText("#1").click();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Replay" }).click();
    await page.getByText("The event is delivered again").first().waitFor();
    await story.getByText("replay", { exact: true }).waitFor();
    await story.getByText("Routed after").waitFor();
    // The chain is linked in both directions.
    await story.getByRole("link", { name: "repeated at" }).waitFor();
    await story.getByRole("link", { name: "repeats that of" }).click();
    await page.waitForURL("**/deliveries/dlv_*");
    await page.getByRole("link", { name: "by a later delivery" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("is waited for if it was accepted a moment ago", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const id = await post({ Id: "awaited", Title: "Just accepted" });
    let isOnRecord = false;
    await page.route(`**/api/v1/events/${id}`, async (route) => {
      if (isOnRecord) await route.continue();
      else
        await route.fulfill({
          status: 404,
          json: { status: 404, code: "not_found", title: "There is no such event." },
        });
    });
    await signIn(viewer, `/events/${id}`);
    await page.getByText("This event is not on record yet").waitFor();
    isOnRecord = true;
    await page.getByRole("article", { name: "Event" }).getByRole("heading", { name: "Just accepted" }).waitFor();
    expect(viewer.complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
  });

  it("is erased after a question, and stays on record", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const id = await post({ Id: "private", Title: "A secret of somebody" });
    await signIn(viewer, `/events/${id}`);
    await page.getByRole("region", { name: "Payload" }).getByText("A secret of somebody").waitFor();
    await page.getByRole("button", { name: "Erase" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Erase" }).click();
    const pane = page.getByRole("article", { name: "Event" });
    await pane.getByText("A secret of somebody").first().waitFor({ state: "detached" });
    await pane.getByText("Received", { exact: true }).waitFor();
    expect(await pane.getByRole("button", { name: "Erase" }).count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });

  it("says why a route does not take it", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const { gateway, receiver, integration } = stand;
    const destination = await gateway.create("destinations", { name: "Pager", type: "webhook", url: receiver.url });
    await gateway.create("routes", {
      name: "High urgency",
      integration_ids: [integration.id],
      destination_ids: [destination.id],
      match: { "data.alert.urgency": "high" },
    });
    const id = await post({ Id: "low", Title: "Not urgent", Urgency: "low" });
    await signIn(viewer, `/events/${id}`);
    await page.getByRole("button", { name: "Explain" }).click();
    const reason = page.getByRole("listitem").filter({ hasText: "High urgency" });
    await reason.getByText("does not", { exact: true }).waitFor();
    await reason.getByText('data.alert.urgency $eq "high", but it is "low"').waitFor();
    await page.getByText("takes it").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("offers a reader nothing that would be refused", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    await signIn(viewer, "/events");
    await viewer.page.locator(".row").first().click();
    await viewer.page.getByRole("heading", { name: "Request" }).waitFor();
    expect(await viewer.page.getByRole("button", { name: /^(?:Replay|Retry|Erase)/ }).count()).toBe(0);
  });
});

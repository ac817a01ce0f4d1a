import { beforeAll, expect, it } from "vitest";
import { type Stand, type Viewer, countRequests, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;
let dead: readonly string[];
const WORDS = ["wolf", "wolf", "wolf", "bear"];

async function deliveriesOf(query: string): Promise<readonly { id: string; event_id: string; status: string }[]> {
  return (await stand.gateway.api("GET", `/deliveries?limit=250&${query}`)).body.data;
}

/** Waits until as many deliveries as this are on record. */
async function untilDeliveries(query: string, count: number): Promise<void> {
  while ((await deliveriesOf(query)).length !== count);
}

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token, receiver } = stand;
  receiver.answers = 500;
  const posted: string[] = [];
  for (const [index, word] of WORDS.entries()) {
    const fields = { event_type: "create", Id: `${word}-${index}`, Title: `The ${word} is at the door` };
    posted.push((await gateway.post(integration, token, fields)).body.id);
  }
  dead = posted;
  await untilDeliveries("status=dead", WORDS.length);
  receiver.answers = 200;
});

async function ask({ page }: Viewer): Promise<void> {
  await page.getByRole("button", { name: "Replay all" }).click();
}

async function confirm({ page }: Viewer, name: string): Promise<void> {
  await page.getByRole("alertdialog").getByRole("button", { name, exact: true }).click();
}

inBrowser("replaying what a filter of deliveries shows", () => {
  it("asks with the number, shows the progress at an address of its own, and reads the list again", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/deliveries?outstanding=true");
    await page.waitForFunction((count) => document.querySelectorAll(".row").length === count, WORDS.length);
    await ask(viewer);
    await page.getByRole("heading", { name: "Replay 4 deliveries?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor({ state: "hidden" });
    expect(await deliveriesOf("")).toHaveLength(WORDS.length);
    await ask(viewer);
    await confirm(viewer, "Replay 4 deliveries");
    await page.waitForURL("**/deliveries?outstanding=true&replay=rpl_*");
    await page.getByRole("heading", { name: "4 deliveries replayed" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "4 deliveries replayed" }).waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).first().click();
    await page.waitForURL("**/deliveries?outstanding=true");
    await page.getByText("No deliveries match these filters").waitFor();
    await untilDeliveries("status=delivered", WORDS.length);
    expect(viewer.complaints).toEqual([]);
  });

  it("names the deliveries if the gateway does not know the filter, and repeats no others", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const [id = ""] = dead;
    const before = (await deliveriesOf("")).length;
    await signIn(viewer, `/deliveries?event=${id}&status=delivered`);
    await ask(viewer);
    await confirm(viewer, "Replay 1 delivery");
    await page.getByRole("heading", { name: "1 delivery replayed" }).waitFor();
    await untilDeliveries("", before + 1);
    expect(await deliveriesOf(`event_id=${id}`)).toHaveLength(3);
    expect(viewer.complaints).toEqual([]);
  });

  it("can be stopped", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const counted = { id: "rpl_1", filter: {}, count: 900, count_is_exact: true, replayed: 120, failed: 0 };
    const replay = { ...counted, rate_per_second: 20, position: "", created_at: "", updated_at: "" };
    const requests = countRequests(page);
    const stop = Promise.withResolvers<void>();
    const isReading = Promise.withResolvers<void>();
    let reads = 0;
    // The second reading begins before the replay is stopped, and is answered afterwards.
    await page.route("**/api/v1/replays/rpl_1", async (route) => {
      reads += 1;
      if (reads > 1) {
        isReading.resolve();
        await stop.promise;
      }
      await route.fulfill({ json: { ...replay, status: "running" } }).catch(() => {});
    });
    await page.route("**/api/v1/replays/rpl_1/cancel", (route) =>
      route.fulfill({ json: { ...replay, status: "cancelled" } }),
    );
    await signIn(viewer, "/deliveries");
    await page.goto("/deliveries?replay=rpl_1");
    await page.getByText("120 of 900 deliveries, about 39.0 s left").waitFor();
    await isReading.promise;
    await page.getByRole("button", { name: "Stop" }).click();
    const stopped = page.getByRole("heading", { name: "Stopped after 120 of 900 deliveries" });
    await stopped.waitFor();
    stop.resolve();
    await requests.settled();
    expect(await stopped.isVisible()).toBe(true);
    expect(viewer.complaints).toEqual([]);
  });

  it("is offered only if there is a filter, something to replay, no detail, and the right", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const button = page.getByRole("button", { name: "Replay all" });
    await signIn(viewer, "/deliveries?status=delivered");
    await button.waitFor();
    await page.locator(".row").first().click();
    await page.getByRole("article", { name: "Delivery" }).waitFor();
    await button.waitFor({ state: "hidden" });
    for (const path of ["/deliveries", "/deliveries?status=pending", "/events"]) {
      await page.goto(path);
      await page.getByRole("switch", { name: "Live" }).waitFor({ state: "attached" });
      expect(await button.count()).toBe(0);
    }
    const reader = await openViewer(stand, { scopes: ["read"] });
    await signIn(reader, "/deliveries?status=delivered");
    await reader.page.locator(".row").first().waitFor();
    expect(await reader.page.getByRole("button", { name: "Replay all" }).count()).toBe(0);
  });
});

inBrowser("replaying what a filter of events shows", () => {
  it("is left to the gateway for an integration", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/events?integration=${stand.integration.id}`);
    await ask(viewer);
    await page.getByText("events without a delivery").waitFor();
    await confirm(viewer, "Replay 4 deliveries");
    await page.waitForURL("**/events?*replay=rpl_*");
    await page.getByRole("heading", { name: "4 deliveries replayed" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("replays the events that a search finds, each once, also if the connection breaks in the middle", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const before = (await deliveriesOf("")).length;
    await signIn(viewer, "/events?q=wolf");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 3);
    await ask(viewer);
    await page.getByRole("heading", { name: "Replay 3 events?" }).waitFor();
    let lost = 0;
    // The gateway replays this event, and its response is lost.
    await page.route(`**/api/v1/events/${dead[1]}/replay`, async (route) => {
      if (lost++ > 0) return await route.continue();
      await route.fetch();
      return await route.abort();
    });
    await confirm(viewer, "Replay 3 events");
    await page.getByRole("heading", { name: /^Stopped after \d of 3 events$/ }).waitFor();
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "3 events replayed" }).waitFor();
    expect(lost).toBe(2);
    await untilDeliveries("", before + 3);
    await page.getByRole("button", { name: "Close", exact: true }).first().click();
    await page.getByRole("alertdialog").waitFor({ state: "hidden" });
  });

  it("names the events that the gateway refuses", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const { gateway } = stand;
    const lonely = await gateway.create("integrations", { name: "Lonely", type: "catch", auth: { type: "none" } });
    await gateway.send(lonely, { nobody: "takes this" });
    await signIn(viewer, "/events?unrouted=true");
    await page.locator(".row").waitFor();
    await ask(viewer);
    await confirm(viewer, "Replay 1 event");
    await page.getByRole("heading", { name: "0 events replayed" }).waitFor();
    await page.getByText("1 event not replayed: No enabled destination is owed this event.").waitFor();
  });
});

inBrowser("one delivery", () => {
  it("is retried if it is dead, and replayed after a question if it was delivered", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const { gateway, integration, token, receiver } = stand;
    receiver.answers = 500;
    const { body } = await gateway.post(integration, token, { event_type: "create", Id: "fox", Title: "A fox" });
    await untilDeliveries(`event_id=${body.id}&status=dead`, 1);
    receiver.answers = 200;
    const [delivery] = await deliveriesOf(`event_id=${body.id}`);
    await signIn(viewer, `/deliveries/${delivery?.id}`);
    const pane = page.getByRole("article", { name: "Delivery" });
    expect(await pane.getByRole("button", { name: "Replay" }).count()).toBe(0);
    await pane.getByRole("button", { name: "Retry", exact: true }).click();
    await pane.getByText("delivered").waitFor();
    await pane.getByRole("button", { name: "Replay", exact: true }).waitFor();
    expect(await pane.getByRole("button", { name: "Retry" }).count()).toBe(0);
    await page.keyboard.press("r");
    await page.getByRole("alertdialog").getByRole("button", { name: "Replay" }).click();
    await page.waitForURL(
      (url) => url.pathname.startsWith("/deliveries/dlv_") && !url.pathname.endsWith(`${delivery?.id}`),
    );
    await pane.getByText("delivered").waitFor();
    await pane.getByRole("link", { name: "an earlier delivery" }).click();
    await page.waitForURL(`**/deliveries/${delivery?.id}`);
    await pane.getByRole("link", { name: "by a later delivery" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

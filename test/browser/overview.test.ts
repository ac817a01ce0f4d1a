import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  const down = await gateway.create("destinations", { name: "Down", type: "webhook", url: "http://127.0.0.1:9/" });
  await gateway.create("routes", {
    name: "To what is down",
    integration_ids: [integration.id],
    destination_ids: [down.id],
  });
  await gateway.post(integration, token, { event_type: "create", Id: "key", Title: "Disk full" });
});

inBrowser("the overview", () => {
  it("names a failing destination first, and leads to its deliveries", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    const problems = page.getByRole("region", { name: "Needs attention" });
    await problems.getByRole("link", { name: "Down" }).waitFor();
    await problems.getByRole("link", { name: "1 open" }).waitFor();
    await problems.getByRole("link", { name: "1 dead" }).click();
    await page.waitForURL("**/deliveries?**");
    expect(new URL(page.url()).searchParams.get("outstanding")).toBe("true");
    await page.locator(".row").first().click();
    await page.getByText("Attempts exhausted. Last attempt: ").waitFor();
    await page.goto("/deliveries");
    await page.getByLabel("Search deliveries").fill("DISK");
    await page.waitForURL("**/deliveries?q=DISK");
    await page.locator(".row").nth(1).waitFor();
    await page.getByLabel("Search deliveries").fill("nothing of the kind");
    await page.getByText("Clear filters").first().waitFor();
    await page.locator(".row").first().waitFor({ state: "detached" });
    await page.goto("/events");
    await page.locator(".row").getByText("1 of 2 dead").waitFor();
    await page.goto("/");
    await page.getByRole("link", { name: "Events that no route took" }).click();
    await page.waitForURL("**/events?unrouted=true");
    expect(viewer.complaints).toEqual([]);
  });

  it("leads from a sender that is refused, and from an integration of the map, to its page", async () => {
    const { gateway } = stand;
    const refused = await gateway.create("integrations", {
      name: "Refused",
      type: "catch",
      auth: { type: "bearer", token: "tok_right" },
    });
    const wrong = { authorization: "Bearer tok_wrong" };
    const response = await fetch(refused.url, { method: "POST", headers: wrong, body: "{}" });
    expect(response.status).toBe(401);
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    await page
      .getByRole("region", { name: "Needs attention" })
      .getByRole("link", { name: "Refused", exact: true })
      .click();
    await page.getByText("The latest request was refused with 401").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/integrations/${refused.id}`);
    await page.goto("/");
    await page.getByRole("region", { name: "Map of health" }).getByRole("link", { name: "Monitoring healthy" }).click();
    await page.getByRole("heading", { level: 1, name: "Monitoring" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "shows charts, their numbers and the map in the %s scheme",
    async (colorScheme) => {
      const viewer = await openViewer(stand, { colorScheme });
      const { page } = viewer;
      const { id } = stand.integration;
      // The gateway counts an event some time after it has arrived.
      await page.route("**/api/v1/metrics?**group_by=integration**", (route) =>
        route.fulfill({ json: { series: [{ group: { id, name: "Monitoring" }, points: [["2026-11-01", 3]] }] } }),
      );
      await signIn(viewer);
      await page.getByRole("navigation", { name: "Range" }).getByRole("link", { name: "1 h" }).click();
      await page.waitForURL("**/?range=1h");
      await page.getByRole("heading", { name: "In the last hour" }).waitFor();
      await page.locator(".plot canvas").nth(2).waitFor();
      await page.getByText("The numbers as a table").click();
      await page.getByRole("region", { name: "Counts of the last hour" }).getByRole("row").nth(59).waitFor();
      const map = page.getByRole("region", { name: "Map of health" });
      await map.getByRole("link", { name: /^Down/ }).focus();
      await map.locator("path[data-pointed='true']").waitFor({ state: "attached" });
      await page.getByText("Events by integration, the busiest first").click();
      const senders = page.getByRole("region", { name: "Events by integration of the last hour" });
      await senders.getByRole("row", { name: "Monitoring 3 100%" }).getByRole("link").waitFor();
      expect(viewer.complaints).toEqual([]);
    },
  );

  it("has lists in place of the map on a phone, and nothing overflows", async () => {
    const viewer = await openViewer(stand, { width: 360 });
    const { page } = viewer;
    await signIn(viewer);
    await page.getByRole("region", { name: "Map of health" }).getByRole("link", { name: /^Down/ }).waitFor();
    expect(await page.locator(".map-lines").isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    expect(viewer.complaints).toEqual([]);
  });
});

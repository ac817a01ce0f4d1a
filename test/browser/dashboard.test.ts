import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

const PAGES = [
  "Overview",
  "Events",
  "Deliveries",
  "Alerts",
  "Integrations",
  "Destinations",
  "Routes",
  "Transformations",
  "Settings",
];

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  for (const [index, title] of ["Disk full", "Database down", "Disk full again"].entries()) {
    await gateway.post(integration, token, { event_type: "create", Id: `key-${index}`, Title: title });
  }
  await gateway.post(integration, token, { event_type: "resolve", Id: "key-0" });
});

inBrowser("signing in", () => {
  it("leads to the page that was asked for, with its filters", async () => {
    const viewer = await openViewer(stand);
    await signIn(viewer, "/events?outcome=created");
    await viewer.page.waitForURL("**/events?outcome=created");
    expect(await viewer.page.getByRole("heading", { level: 1 }).textContent()).toBe("Events");
    expect(viewer.complaints).toEqual([]);
  });

  it("never leads to another site", async () => {
    const viewer = await openViewer(stand);
    await signIn(viewer, "/login?return_to=%2F%2Fevil.example%2Fevents");
    expect(new URL(viewer.page.url()).host).toBe(new URL(stand.gateway.url).host);
  });

  it("says that a token is wrong", async () => {
    const { page } = await openViewer(stand);
    await page.goto("/");
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This token is not valid").waitFor();
  });

  it("is asked for again when the session ends", async () => {
    const viewer = await openViewer(stand);
    await signIn(viewer, "/events");
    await viewer.page.getByRole("button", { name: "Sign out" }).click();
    await viewer.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await viewer.page.goto("/routes");
    await viewer.page.waitForURL("**/login?return_to=%2Froutes");
  });
});

inBrowser("the navigation", () => {
  it("leads to every page, whose heading and title are its name", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    expect(await links.allTextContents()).toEqual(PAGES);
    for (const name of PAGES) {
      await links.filter({ hasText: name }).click();
      await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
      await page.waitForFunction((title) => document.title === title, `${name} · Hookgate`);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("is a drawer on a phone", async () => {
    const viewer = await openViewer(stand, { width: 390 });
    const { page } = viewer;
    await signIn(viewer);
    await page.getByRole("button", { name: "Open the navigation" }).click();
    await page.getByRole("dialog", { name: "Navigation" }).getByRole("link", { name: "Events" }).click();
    await page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
    await page.getByRole("dialog", { name: "Navigation" }).waitFor({ state: "hidden" });
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(overflows).toBe(false);
  });

  it("answers an unknown address with a page and an unknown file with 404", async () => {
    const html = { headers: { accept: "text/html" } };
    const page = await fetch(`${stand.gateway.url}/no/such/page`, html);
    expect([page.status, page.headers.get("x-frame-options")]).toEqual([200, "DENY"]);
    expect((await fetch(`${stand.gateway.url}/assets/none.js`, html)).status).toBe(404);
    expect((await fetch(`${stand.gateway.url}/api/v2/none`, html)).status).toBe(404);
    expect((await fetch(`${stand.gateway.url}/integration/int_none`, { ...html, method: "POST" })).status).toBe(404);
  });
});

inBrowser("what fails", () => {
  it("is said when the gateway answers 500, with a way to try again", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    await page.route("**/api/v1/alerts?**", (route) => route.fulfill({ status: 500, body: "no" }));
    await page.getByRole("link", { name: "Alerts", exact: true }).click();
    await page.getByRole("alert").getByText("The request failed").waitFor();
    await page.unroute("**/api/v1/alerts?**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Database down").waitFor();
  });

  it("is said when the browser is offline", async () => {
    const viewer = await openViewer(stand);
    await signIn(viewer, "/events");
    await viewer.context.setOffline(true);
    await viewer.page.getByText("You are offline").waitFor();
    await viewer.context.setOffline(false);
    await viewer.page.getByText("You are offline").waitFor({ state: "hidden" });
  });
});

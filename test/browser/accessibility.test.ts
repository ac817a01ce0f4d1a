import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { violationsOn } from "./axe.ts";
import { type Ids, PATHS, pathsOf } from "./pages.ts";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

const WIDTHS = [1_440, 900, 390];

let stand: Stand;
let ids: Ids;

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  await gateway.create("tokens", { name: "A reader", scopes: ["read"] });
  const down = await gateway.create("destinations", { name: "Down", type: "webhook", url: "http://127.0.0.1:9/" });
  const route = await gateway.create("routes", {
    name: "To what is down",
    integration_ids: [integration.id],
    destination_ids: [down.id],
    match: { $or: [{ "data.alert.key": "key" }, { "data.alert.tags": { $size: 2 } }] },
  });
  const code = "export default (event) => {\n  console.log(event.id);\n  return event;\n};\n";
  const transformation = await gateway.create("transformations", { name: "Logs", code });
  await gateway.api("PATCH", `/transformations/${transformation.id}`, { code: `${code}// second\n` });
  await gateway.api("PATCH", `/destinations/${down.id}`, { transformation_id: transformation.id });
  await gateway.post(integration, token, { event_type: "resolve", Id: "none" });
  const { body } = await gateway.post(integration, token, { event_type: "create", Id: "key", Title: "Disk full" });
  for (;;) {
    const [alert] = (await gateway.api("GET", "/alerts")).body.data;
    if (alert === undefined) continue;
    ids = {
      event: body.id,
      alert: alert.id,
      route: route.id,
      destination: down.id,
      integration: integration.id,
      transformation: transformation.id,
    };
    break;
  }
});

/** Waits until the page is laid out for a new width. */
async function isLaidOut(page: Page): Promise<void> {
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
}

inBrowser("axe finds nothing", () => {
  it.each(["light", "dark"] as const)("on any page in the %s scheme, at any width", async (colorScheme) => {
    const viewer = await openViewer(stand, { colorScheme });
    const { page } = viewer;
    const findings: string[] = [];
    // A page is loaded once and then narrowed: loading takes three times as long as the check.
    const check = async (name: string): Promise<void> => {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await isLaidOut(page);
        findings.push(...(await violationsOn(page)).map((text) => `${name} at ${width} pixels: ${text}`));
      }
    };
    await page.goto("/login");
    await page.getByLabel("Token").waitFor();
    await check("login");
    await signIn(viewer);
    for (const [index, path] of [...PATHS, ...pathsOf(ids)].entries()) {
      // Some pages are loaded at each of the widths.
      await page.setViewportSize({ width: WIDTHS[index % WIDTHS.length] ?? 0, height: 900 });
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector(".loading") === null);
      if (path.startsWith("/events/")) await page.getByText("#1").first().waitFor();
      await check(path);
    }
    expect(findings).toEqual([]);
    expect(viewer.complaints).toEqual([]);
  });
});

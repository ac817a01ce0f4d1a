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
  await gateway.post(integration, token, { event_type: "resolve", Id: "none" });
  const { body } = await gateway.post(integration, token, { event_type: "create", Id: "key", Title: "Disk full" });
  for (;;) {
    const [alert] = (await gateway.api("GET", "/alerts")).body.data;
    if (alert === undefined) continue;
    ids = { event: body.id, alert: alert.id, route: route.id, destination: down.id, integration: integration.id };
    break;
  }
});

inBrowser.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  it.each(WIDTHS)("axe finds nothing on any page at %i pixels", async (width) => {
    const viewer = await openViewer(stand, { width, colorScheme });
    const { page } = viewer;
    const findings: string[] = [];
    const check = async (name: string): Promise<void> => {
      findings.push(...(await violationsOn(page)).map((text) => `${name}: ${text}`));
    };
    await page.goto("/login");
    await page.getByLabel("Token").waitFor();
    await check("login");
    await signIn(viewer);
    for (const path of [...PATHS, ...pathsOf(ids)]) {
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

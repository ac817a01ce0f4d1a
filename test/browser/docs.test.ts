import { beforeAll, expect, it } from "vitest";
import { buildSite } from "../docs/built.ts";
import { type Stand, inBrowser, openViewer, startStand } from "./stand.ts";

let stand: Stand;

beforeAll(async () => {
  await buildSite();
  stand = await startStand();
}, 600_000);

inBrowser("the documents", () => {
  it("are served at /docs, and searched without a violation of their Content-Security-Policy", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const response = await page.goto("/docs");
    expect(response?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'sha256-/);
    await page.getByRole("heading", { level: 1, name: "Documentation" }).waitFor();
    await page.getByRole("button", { name: "Search" }).first().click();
    await page.getByRole("searchbox").fill("overlap_seconds");
    await page.getByRole("option").first().waitFor();
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL(/\/docs\/.+/u);
    await page.goto("/docs/start-here/github-to-discord");
    await page.getByText("{{ repository.full_name }}", { exact: false }).first().waitFor();
    await page.getByRole("link", { name: "Concepts" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Concepts" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("follow the viewer's color scheme, and are 404 where there is no page", async () => {
    const viewer = await openViewer(stand, { colorScheme: "dark" });
    await viewer.page.goto("/docs/cookbook");
    await viewer.page.locator("html.dark").waitFor();
    expect(viewer.complaints).toEqual([]);
    expect((await fetch(`${stand.gateway.url}/docs/none`, { headers: { accept: "text/html" } })).status).toBe(404);
    const plain = await fetch(`${stand.gateway.url}/docs/cookbook.md`);
    expect([plain.status, await plain.text()]).toEqual([200, expect.stringContaining("# Cookbook")]);
  });
});

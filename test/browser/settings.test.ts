import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});

inBrowser("API tokens", () => {
  it("are made, shown once, and deleted after a question", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/settings/tokens");
    await page.getByLabel("Name").fill("Deploy <b>");
    await page.getByRole("combobox", { name: "Expires" }).click();
    await page.getByRole("option", { name: "In 30 days" }).click();
    await page.getByRole("button", { name: "Create token" }).click();
    const token = (await page.locator(".secret-once code").textContent()) ?? "";
    const may = await fetch(`${stand.gateway.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(may.status).toBe(200);
    const rows = page.getByRole("region", { name: "API tokens" }).getByRole("row");
    const row = rows.filter({ hasText: "Deploy <b>" });
    await row.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("the audit trail", () => {
  it("shows who changed what, with its filters in the address", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const { integration, gateway } = stand;
    await gateway.api("PATCH", `/integrations/${integration.id}`, { name: "Renamed" });
    await signIn(viewer, `/settings/audit?id=${integration.id}`);
    const entry = page.getByRole("list", { name: "Audit trail" }).getByRole("listitem").first();
    await entry.getByText("integration.updated").click();
    await entry.locator("ins").getByText("Renamed", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Open Renamed" }).click();
    await page.getByRole("link", { name: "Who changed it" }).click();
    await page.waitForURL("**/settings/audit?id=int_*");
    await page.getByRole("link", { name: "Open Renamed" }).first().waitFor();
    await page.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: "destination" }).click();
    await page.waitForURL("**/settings/audit?**kind=destination**");
    await page.getByText("No change on record matches these filters.").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("names the transformations that are there, and leads to no others", async () => {
    const { gateway, integration } = stand;
    const code = "export default (event) => event;\n";
    const gone = await gateway.create("transformations", { name: "Gone", code });
    const kept = await gateway.create("transformations", { name: "Kept", code });
    await gateway.api("DELETE", `/transformations/${gone.id}`);
    await gateway.api("PATCH", `/integrations/${integration.id}`, { transformation_id: kept.id });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/settings/audit?kind=transformation");
    await page.getByRole("link", { name: "Open Kept" }).waitFor();
    await page.getByText("transformation.deleted").waitFor();
    expect(await page.getByRole("link", { name: "Open Gone" }).count()).toBe(0);
    await page.goto(`/settings/audit?id=${integration.id}`);
    const entry = page.getByRole("list", { name: "Audit trail" }).getByRole("listitem").first();
    await entry.getByText("integration.updated").click();
    await entry.locator("ins").getByRole("link", { name: "Kept" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("dead letters", () => {
  it("are shown with their message, replayed, and deleted after a question", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const letter = { queue: "hookgate-events", message: { id: "evt_1" }, received_at: "2026-11-01T10:00:00.000Z" };
    let letters = [
      { ...letter, id: "ddl_1", error: "fifty attempts failed" },
      { ...letter, id: "ddl_2", error: "unknown format <b>" },
    ];
    await page.route("**/api/v1/dead-letters?**", (route) =>
      route.fulfill({ json: { data: letters, next_cursor: null } }),
    );
    await page.route("**/api/v1/dead-letters/**", (route) => {
      const [taken] = letters;
      letters = letters.slice(1);
      const isDeleted = route.request().method() === "DELETE";
      return isDeleted ? route.fulfill({ status: 204 }) : route.fulfill({ json: taken });
    });
    await signIn(viewer, "/settings/dead-letters");
    const list = page.getByRole("list", { name: "Dead letters" });
    await list.getByText("fifty attempts failed").click();
    await list.getByText("evt_1").first().waitFor();
    await list.getByRole("button", { name: "Replay" }).click();
    await list.getByText("fifty attempts failed").waitFor({ state: "detached" });
    await list.getByText("unknown format <b>").click();
    await list.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No dead letters").waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("the signing key", () => {
  it("is rotated after a question", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/settings/about");
    const signing = page.getByRole("row").filter({ hasText: "signs deliveries" });
    await signing.first().waitFor();
    const before = await signing.count();
    await page.getByRole("button", { name: "Rotate signing key" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate", exact: true }).click();
    await signing.nth(before).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("a reader", () => {
  it("sees the counts and the keys, and no link to what would be refused", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer, "/settings");
    const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    expect(await links.allTextContents()).toEqual([
      "General",
      "Reconciliation",
      "Dead letters",
      "Configuration",
      "About",
    ]);
    await links.filter({ hasText: "Reconciliation" }).click();
    await page.getByText("Every accepted event has an outcome").waitFor();
    await links.filter({ hasText: "About" }).click();
    await page.getByText("The gateway is ready").waitFor();
    await page.getByText(/^Version \d+\.\d+\.\d+$/).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("the configuration as a file", () => {
  it("is applied after its plan was shown", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/settings/config");
    const text = "version: 1\ndestinations:\n  chat: {url: 'http://127.0.0.1:9/', signing: {scheme: none}}\n";
    await page.getByLabel("Upload a file").setInputFiles({
      name: "hookgate.yaml",
      mimeType: "application/yaml",
      buffer: Buffer.from(text),
    });
    await page.locator(".cm-content").getByText("version").waitFor();
    await page.getByRole("button", { name: "Show plan" }).click();
    const changes = page.getByRole("list", { name: "Changes" });
    await changes.getByText("create destination").waitFor();
    await changes.locator("ins").getByText("http://127.0.0.1:9/").waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Apply" }).click();
    await page.getByText("The configuration is applied").first().waitFor();
    await page.getByRole("button", { name: "Show plan" }).click();
    await page.getByText("The configuration is already what the document says.").waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

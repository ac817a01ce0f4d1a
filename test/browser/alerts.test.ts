import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;

async function post(fields: Record<string, unknown>): Promise<void> {
  await stand.gateway.post(stand.integration, stand.token, { event_type: "create", ...fields });
}

beforeAll(async () => {
  stand = await startStand();
  await post({ Id: "disk", Title: "Disk full", Description: "/var is at 99 %", Urgency: "critical", Tags: ["db"] });
  await post({ Id: "disk", Title: "Disk full" });
  await post({ Id: "cert", Title: "Certificate expires", Urgency: "low" });
  await post({ Id: "old", Title: "Host down" });
  await post({ Id: "old", event_type: "resolve" });
});

inBrowser("the list of alerts", () => {
  it("shows open alerts first, and has its filters in the address", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/alerts");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 3);
    expect(await page.locator(".row-title").allTextContents()).toEqual([
      "Certificate expires",
      "Disk full",
      "Host down",
    ]);
    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "resolved" }).click();
    await page.waitForURL("**/alerts?status=resolved");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
    await page.goBack();
    await page.waitForURL("**/alerts");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 3);
    await page.goto("/alerts?urgency=critical");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
    await page.getByText("1 repeat").waitFor();
    await page.locator(".row").first().click();
    await page.waitForURL("**/alerts/alr_*?urgency=critical");
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("one alert", () => {
  it("is acknowledged and resolved after questions that name the destinations", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/alerts");
    await page.getByRole("link", { name: "Disk full" }).click();
    const alert = page.getByRole("article", { name: "Alert" });
    await alert.getByText("/var is at 99 %").waitFor();
    const events = alert.getByRole("region", { name: "Events" });
    await events.getByText("repeated").waitFor();
    await events.getByText("delivered").first().waitFor();

    await alert.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("alertdialog").getByText("Receiver").waitFor();
    await page.getByRole("alertdialog").getByRole("button", { name: "Acknowledge" }).click();
    await alert.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" });
    await events.getByText("acknowledged").waitFor();

    await page.keyboard.press("e");
    await page.getByRole("alertdialog").getByRole("button", { name: "Resolve" }).click();
    await alert.getByRole("button", { name: "Resolve" }).waitFor({ state: "detached" });
    await events.getByText("resolved").waitFor();
    await page
      .getByRole("list", { name: "Alerts" })
      .getByRole("link", { name: "Disk full" })
      .getByText("resolved")
      .waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("offers a reader nothing that would be refused", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer, "/alerts");
    await page.getByRole("link", { name: "Certificate expires" }).click();
    await page.getByRole("article", { name: "Alert" }).getByRole("heading", { name: "Events" }).waitFor();
    expect(await page.getByRole("button", { name: /^(?:Acknowledge|Resolve)/ }).count()).toBe(0);
    await page.keyboard.press("e");
    expect(await page.getByRole("alertdialog").count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });
});

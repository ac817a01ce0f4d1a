import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});

inBrowser("an integration", () => {
  it("is created in one step, with its token shown and a command that works", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/integrations");
    await page.getByRole("link", { name: "Create integration" }).click();
    await page.getByLabel("Search senders").fill("pagertree");
    await page.getByRole("radio", { name: "PagerTree-style webhook" }).check();
    await page.getByLabel("Name").fill("Night shift");
    await page.getByRole("combobox", { name: "Authentication" }).click();
    await page.getByRole("option", { name: "Token in a header" }).click();
    await page.getByRole("button", { name: "Create integration" }).click();
    await page.getByRole("heading", { name: "Night shift is ready" }).waitFor();
    const url = (await page.getByRole("region", { name: "URL" }).textContent()) ?? "";
    const command = (await page.getByRole("region", { name: "Command" }).textContent()) ?? "";
    const token = /pagertree-token: ([^']+)/u.exec(command)?.[1] ?? "";
    const body = /--data-raw '(.*)'/u.exec(command)?.[1] ?? "";
    const headers = { "content-type": "application/json", "pagertree-token": token };
    const answer = await fetch(url, { method: "POST", headers, body });
    expect([command.includes(url), answer.status]).toEqual([true, 200]);
    expect(viewer.complaints).toEqual([]);
  });

  it("cannot be created by a reader", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    await signIn(viewer, "/integrations/new");
    await viewer.page.getByText("Your token may not create integrations").waitFor();
    expect(await viewer.page.getByRole("button", { name: "Create integration" }).count()).toBe(0);
  });
});

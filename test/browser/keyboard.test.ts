import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;
let id: string;

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  for (const title of ["Badger in the cellar", "Otter in the river"]) {
    const { body } = await gateway.post(integration, token, { event_type: "create", Id: title, Title: title });
    id = body.id;
  }
});

inBrowser("the command palette", () => {
  it("opens from anywhere, goes to a page, and closes with Escape", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    await page.getByLabel("Search events").focus();
    await page.keyboard.press("Control+k");
    // What is typed while the palette is loading is not lost, and is no shortcut.
    await page.keyboard.type("deliv");
    await page.getByRole("option", { name: "Deliveries page" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/deliveries");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Overview page" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(new URL(page.url()).pathname).toBe("/deliveries");
    expect(viewer.complaints).toEqual([]);
  });

  it("finds an action, a name, a word of an event, and an id", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    const found = [
      ["create dest", "Create destination action", "/destinations/new"],
      ["receiver", "Receiver destination", "/destinations/dst_*"],
      ["badger", "Badger in the cellar event", "/events/evt_*"],
      [id, "Otter in the river event", `/events/${id}`],
    ] as const;
    for (const [text, name, address] of found) {
      await page.getByRole("button", { name: "Search or go to" }).click();
      await page.keyboard.type(text);
      await page.getByRole("option", { name, exact: true }).click();
      await page.waitForURL(`**${address}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("offers a reader no action", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer);
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Events page" }).waitFor();
    expect(await page.getByRole("option", { name: "action" }).count()).toBe(0);
  });
});

inBrowser("without a mouse", () => {
  it("a viewer signs in, finds an event, and replays it", async () => {
    const viewer = await openViewer(stand);
    const { page, token } = viewer;
    const { keyboard } = page;
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await keyboard.press(key);
    };
    await page.goto("/");
    // The field has the focus from the start.
    await page.locator("input:focus").waitFor();
    await keyboard.type(token);
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    // The heading has the focus, and the navigation is before it.
    for (let presses = 0; (await page.locator(".nav-link[href='/events']:focus-visible").count()) === 0; presses++) {
      expect(presses).toBeLessThan(20);
      await press("Shift+Tab");
    }
    await press("Enter");
    await page.waitForURL("**/events");
    await page.locator(".row").first().waitFor();
    await press("/");
    await page.locator("input:focus").waitFor();
    await keyboard.type("badger");
    await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
    await press("Enter", "j");
    await page.waitForURL("**/events/evt_*");
    const pane = page.getByRole("article", { name: "Event" });
    await pane.getByRole("button", { name: "Replay" }).waitFor();
    await press("r");
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    for (let presses = 0; !(await isFocused("Replay")); presses++) {
      expect(presses).toBeLessThan(5);
      await press("Tab");
    }
    await press("Enter");
    await pane.getByText("replay", { exact: true }).waitFor();
    expect(viewer.complaints).toEqual([]);

    function isFocused(name: string): Promise<boolean> {
      return question.getByRole("button", { name }).evaluate((button) => button === document.activeElement);
    }
  });
});

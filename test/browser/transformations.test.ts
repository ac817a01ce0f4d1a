import { beforeAll, expect, it, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { violationsOn } from "./axe.ts";
import { type Stand, inBrowser, openViewer, replaceText, signIn, startStand } from "./stand.ts";

let stand: Stand;
let hook: { readonly id: string; readonly url: string };

async function post(fields: object): Promise<void> {
  const response = await fetch(hook.url, { method: "POST", body: JSON.stringify(fields) });
  expect(response.status).toBe(200);
}

beforeAll(async () => {
  stand = await startStand();
  hook = await stand.gateway.create("integrations", { name: "Shop", type: "catch" });
  await post({ order: 17, email: "ann@example.com" });
});

const THROWS =
  "export default (event) => {\n  console.log('seen', event.payload.order);\n  return event.user.name;\n};\n";
const DROPS = "export default (event) => (event.payload.order > 10 ? null : event);\n";

inBrowser("a transformation", () => {
  it("is made from a template, tried over a stored event, and used by an integration", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/transformations");
    await page.getByText("No transformations yet").waitFor();
    await page.getByRole("link", { name: "Create transformation" }).click();
    await page.getByLabel("Events of").click();
    await page.getByRole("option", { name: "Shop" }).click();
    await page.waitForURL(`**/transformations/new?*integration=${hook.id}*`);
    await page.getByRole("region", { name: "Input" }).getByText("ann@example.com").waitFor();
    await page.getByLabel("Start from").click();
    await page.getByRole("option", { name: "Redact a field" }).click();
    await page.waitForURL("**/transformations/new?*template=redact*");
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText("[redacted]").waitFor();
    expect(await result.textContent()).not.toContain("ann@example.com");
    const form = page.getByRole("form", { name: "Create transformation" });
    await form.getByLabel("Name").fill("Without emails");
    await form.getByRole("button", { name: "Create transformation" }).click();
    await page.waitForURL("**/transformations/trf_*");
    await page.getByText("Nothing passes it yet.").waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";

    await page.goto(`/integrations/${hook.id}?view=settings`);
    await page.getByLabel("Transformation").click();
    await page.getByRole("option", { name: "Without emails" }).click();
    await page.getByRole("form", { name: "Settings" }).getByRole("button", { name: "Save" }).click();
    await page.getByText("The integration was saved").waitFor();
    expect((await stand.gateway.api("GET", `/integrations/${hook.id}`)).body.transformation_id).toBe(id);
    await page.goto("/transformations");
    await page
      .getByRole("row", { name: /Without emails/ })
      .getByText("Shop")
      .waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("shows a fault at its line, and what the code wrote", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", { name: "Faulty", code: THROWS });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}?integration=${hook.id}`);
    await page.getByRole("region", { name: "Console output" }).getByText("seen 17").waitFor();
    await page.getByRole("alert").getByText("Line 3:").waitFor();
    await page.locator(".cm-lint-marker-error").waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const editor = page.getByRole("textbox", { name: "Code" });
    await replaceText(editor, DROPS);
    await page.getByText("dropped: nothing is routed").waitFor();
    await replaceText(editor, "export default {");
    await page.keyboard.press("ControlOrMeta+s");
    await page
      .getByText(/is not valid JavaScript/)
      .first()
      .waitFor();
    await replaceText(editor, DROPS);
    await page.keyboard.press("ControlOrMeta+s");
    await page.getByText("The transformation is saved as version 2").waitFor();
    // The browser reports the refused code.
    expect(viewer.complaints).toEqual([expect.stringContaining("status of 400")]);
  });

  it("is tried over the events of the integration that uses it, unless others are chosen", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", {
      name: "Chosen",
      code: "export default (item) => item;\n",
    });
    const names = ["First", "Second"] as const;
    const [first, second] = await Promise.all(
      names.map((name) => gateway.create("integrations", { name, type: "catch" })),
    );
    await gateway.api("PATCH", `/integrations/${first.id}`, { transformation_id: id });
    for (const { url, name } of [first, second]) {
      expect((await fetch(url, { method: "POST", body: JSON.stringify({ from: name }) })).status).toBe(200);
    }
    const countOf = async (of: string) => (await gateway.api("GET", `/events?integration_id=${of}`)).body.data.length;
    await vi.waitFor(async () => expect([await countOf(first.id), await countOf(second.id)]).toEqual([1, 1]), WITHIN);
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}`);
    await page.getByText("Used by", { exact: true }).waitFor();
    await page.getByRole("list", { name: "Used by" }).getByText("First").waitFor();
    const input = page.getByRole("region", { name: "Input" });
    await input.getByText('"from": "First"').waitFor();
    const choice = page.getByLabel("Events of");
    expect(await choice.textContent()).toBe("First");

    await choice.click();
    await page.getByRole("option", { name: "All integrations" }).click();
    await page.waitForURL(`**/transformations/${id}?*integration=all*`);
    await input.getByText('"from": "Second"').waitFor();
    await page.reload();
    await input.getByText('"from": "Second"').waitFor();
    expect(await choice.textContent()).toBe("All integrations");

    await choice.click();
    await page.getByRole("option", { name: "First" }).click();
    await page.waitForURL((address) => address.searchParams.get("integration") === null);
    await input.getByText('"from": "First"').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(viewer.complaints).toEqual([]);
  });

  it("is chosen where an integration and a destination are created", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", { name: "From the start", code: DROPS });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const choose = async () => {
      const choice = page.getByLabel("Transformation");
      expect(await choice.textContent()).toBe("None");
      await choice.click();
      expect(await page.getByRole("option").first().textContent()).toBe("None");
      await page.getByRole("option", { name: "From the start" }).click();
    };
    await signIn(viewer, "/integrations/new");
    await page.getByLabel("Name").fill("Transformed");
    await choose();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Create integration" }).click();
    await page.waitForURL("**/integrations/int_*");
    const created = new URL(page.url()).pathname;
    expect((await gateway.api("GET", created)).body).toMatchObject({ name: "Transformed", transformation_id: id });

    await page.goto("/destinations/new?kind=webhook");
    await page.getByLabel("Name").fill("Transformed");
    await page.getByLabel("URL").fill(stand.receiver.url);
    await choose();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.getByRole("heading", { name: "Transformed is created" }).waitFor();
    const { data } = (await gateway.api("GET", "/destinations?name=Transformed")).body;
    expect(data).toEqual([expect.objectContaining({ transformation_id: id })]);
    expect(viewer.complaints).toEqual([]);
  });

  it("completes the fields of the chosen event", async () => {
    const { id } = await stand.gateway.create("transformations", {
      name: "Typing",
      code: "export default (item) => item;\n",
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}?integration=${hook.id}`);
    await page.getByRole("region", { name: "Input" }).getByText("ann@example.com").waitFor();
    const editor = page.getByRole("textbox", { name: "Code" });
    await editor.click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("item.payload.em");
    await page.getByRole("option", { name: /email/ }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("is compared with its earlier versions, and rolled back", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", { name: "Versioned", code: THROWS });
    await gateway.api("PATCH", `/transformations/${id}`, { code: DROPS });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}`);
    await page.getByRole("link", { name: "Versions (2)" }).click();
    await page.getByRole("link", { name: /^Version 1/ }).click();
    await page.waitForURL("**?view=versions&version=1");
    const comparison = page.getByRole("region", { name: "Comparison" });
    await comparison.getByText("return event.user.name;").waitFor();
    await page.getByRole("button", { name: "Roll back to version 1" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Roll back" }).click();
    await page.getByText("Version 3 has the code of version 1").waitFor();
    expect((await gateway.api("GET", `/transformations/${id}`)).body).toMatchObject({ version: 3, code: THROWS });
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("The transformation is deleted").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("offers to replay the events for which it failed, and says what came of it", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", { name: "Broken", code: THROWS });
    const line = await gateway.create("integrations", { name: "Till", type: "catch", transformation_id: id });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}`);
    await page.getByRole("list", { name: "Used by" }).getByText("Till").waitFor();
    expect(await page.getByRole("region", { name: "Failed events" }).count()).toBe(0);
    for (let order = 1; order <= 4; order++) {
      const response = await fetch(line.url, { method: "POST", body: JSON.stringify({ order }) });
      expect(response.status).toBe(200);
    }
    const filter = `/events?integration_id=${line.id}&outcome=`;
    const countOf = async (outcome: string) => (await gateway.api("GET", filter + outcome)).body.data.length;
    await vi.waitFor(async () => expect(await countOf("transformation_failed")).toBe(4), WITHIN);

    await page.reload();
    const region = page.getByRole("region", { name: "Failed events" });
    await region.getByText("It failed for 4 events").waitFor();
    expect(await violationsOn(page)).toEqual([]);
    const address = await region.getByRole("link", { name: "Show them" }).getAttribute("href");
    expect(address).toBe(`/events?outcome=transformation_failed&integration=${line.id}`);
    await region.getByRole("button", { name: "Replay failed events" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Replay 4 events" }).click();
    await dialog.getByText("Stopped: 0 events replayed").waitFor();
    await dialog.getByText("3 of 4 events, 3 failed again").waitFor();
    const failures = dialog.getByRole("list", { name: "Failed again" }).getByRole("listitem");
    expect(await failures.count()).toBe(3);
    await failures
      .first()
      .getByText(/in line 3/)
      .waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Continue behind them" }).click();
    await dialog.getByText("4 of 4 events, 4 failed again").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });

    await replaceText(page.getByRole("textbox", { name: "Code" }), DROPS);
    // The preview has the new code, so the form has it, too.
    await page.getByRole("region", { name: "Result" }).getByText('"order": 4').waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The transformation is saved as version 2").waitFor();
    await region.getByRole("button", { name: "Replay failed events" }).click();
    await dialog.getByRole("button", { name: "Replay 4 events" }).click();
    await dialog.getByRole("heading", { name: "4 events replayed" }).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await region.waitFor({ state: "detached" });
    expect(await countOf("received")).toBe(4);
    expect(viewer.complaints).toEqual([]);
  });

  it("shows its last runs", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("transformations", { name: "Runs", code: THROWS });
    await gateway.api("PATCH", `/integrations/${hook.id}`, { transformation_id: id });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/transformations/${id}?view=runs`);
    await page.getByText("No run has failed or written a line").waitFor();
    await post({ order: 18 });
    await post({ order: 19 });
    const run = page.getByRole("list", { name: "Runs" }).getByRole("listitem").first();
    await run.getByText("Line 3:").waitFor();
    await run.getByText(/seen 1[89]/).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

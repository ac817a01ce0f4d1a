import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, replaceText, signIn, startStand } from "./stand.ts";

let stand: Stand;
let eventId: string;
let otherId: string;

async function post(fields: Record<string, unknown>): Promise<string> {
  const { body } = await stand.gateway.post(stand.integration, stand.token, { event_type: "create", ...fields });
  return body.id;
}

beforeAll(async () => {
  stand = await startStand();
  const { gateway, receiver } = stand;
  await gateway.create("destinations", { name: "Pager", type: "webhook", url: receiver.url });
  eventId = await post({ Id: "db-1", Title: "Replica lags", Urgency: "high", env: "prod" });
  otherId = await post({ Id: "db-2", Title: "Cache misses", Urgency: "low", env: "test" });
});

inBrowser("a route", () => {
  it("is built from the fields of a stored event, and takes the next event", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/events/${eventId}`);
    await page.getByRole("link", { name: "Create a route for it" }).click();
    await page.waitForURL(`**/routes/new?event=${eventId}`);
    const form = page.getByRole("form", { name: "Create route" });
    await form.getByLabel("Name").fill("Production to the pager");
    await page.getByRole("button", { name: "Add a condition on data.event.payload.env" }).click();
    await page.getByText("1 of the newest 2 events would match.").waitFor();
    await page.getByRole("button", { name: "Add a condition on data.alert.urgency" }).click();
    const urgency = form.getByRole("group", { name: "Condition on data.alert.urgency" });
    await urgency.getByLabel("Operator").selectOption("is one of");
    await urgency.getByLabel("Add a value").fill("critical");
    await urgency.getByLabel("Add a value").press("Enter");
    await form.getByRole("checkbox", { name: "Pager" }).check();
    // Fields of another event may be looked up at any time, and the form keeps what it has.
    await page.getByLabel("Event whose fields are shown").selectOption(otherId);
    await page.waitForURL(`**/routes/new?event=${otherId}`);
    await page.getByRole("button", { name: "Add a condition on data.alert.title" }).getByText("Cache misses").waitFor();
    await form.getByRole("button", { name: "Create route" }).click();
    await page.waitForURL("**/routes/rte_*");
    await page.getByRole("heading", { level: 2, name: "Production to the pager" }).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const { body: route } = await stand.gateway.api("GET", `/routes/${id}`);
    expect(route.match).toEqual({
      "data.event.payload.env": "prod",
      "data.alert.urgency": { $in: ["high", "critical"] },
    });
    expect(route.integration_ids).toEqual([stand.integration.id]);
    expect(route.event_types).toEqual(["alert.created", "alert.updated", "alert.acknowledged", "alert.resolved"]);

    const next = await post({ Id: "db-3", Title: "Disk full", Urgency: "critical", env: "prod" });
    await page.goto(`/events/${next}`);
    await page.getByRole("region", { name: "What became of it" }).getByRole("link", { name: "Pager" }).waitFor();
    await page.goto("/routes");
    await page.getByRole("listitem").filter({ hasText: "Production to the pager" }).getByText("is one of").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("keeps its filter in both views, with the gateway's messages at their line", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const [destination] = (await stand.gateway.api("GET", "/destinations")).body.data;
    const match = { "data.event.payload.hosts": { $elemMatch: { name: "a" } }, "data.event.payload.env": "prod" };
    const fields = { name: "Two views", destination_ids: [destination.id], match };
    const { id } = await stand.gateway.create("routes", fields);
    await signIn(viewer, `/routes/${id}`);
    await page.getByRole("group", { name: "Condition in JSON" }).getByText("$elemMatch").waitFor();
    const condition = page.getByRole("group", { name: "Condition on data.event.payload.env" });
    await condition.getByLabel("Value", { exact: true }).fill("test");
    await page.locator("label", { hasText: "JSON" }).click();
    await page.waitForURL("**/routes/*?view=json");
    const editor = page.getByRole("textbox", { name: "Filter as JSON" });
    await editor.getByText("$elemMatch").waitFor();
    await replaceText(editor, '{\n  "data.event.payload.env": {\n    "$nope": 1\n  }\n}');
    await page.getByText("data.event.payload.env.$nope").waitFor();
    await page.locator(".cm-lint-marker-error").waitFor();
    // A message that goes must not move the button away from under a pointer that is pressing it.
    const top = async (): Promise<number> =>
      await page.getByRole("button", { name: "Save" }).evaluate((button) => {
        const ofForm = button.closest("form")?.getBoundingClientRect().top ?? 0;
        return Math.round(button.getBoundingClientRect().top - ofForm);
      });
    const before = await top();
    await replaceText(editor, '{\n  "data.event.payload.env": {\n    "$in": ["test"]\n  }\n}');
    await page.getByText("data.event.payload.env.$nope").waitFor({ state: "detached" });
    expect(await top()).toBe(before);
    await replaceText(editor, '{\n  "data.event.payload.env": \n}');
    await page.getByText("Line 3:").waitFor();
    await replaceText(editor, '{"data.event.payload.env": {"$in": ["test", "prod"]}}');
    await page.locator("label", { hasText: "Builder" }).click();
    await condition.getByText("prod").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The route is saved").first().waitFor();
    const { body: saved } = await stand.gateway.api("GET", `/routes/${id}`);
    expect(saved.match).toEqual({ "data.event.payload.env": { $in: ["test", "prod"] } });

    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("button", { name: "Enable" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText(/(?:was|is) deleted$/u).waitFor();
    expect(new URL(page.url()).pathname).toBe("/routes");
    await page.getByRole("link", { name: "Two views" }).waitFor({ state: "detached" });
    expect((await stand.gateway.api("GET", `/routes/${id}`)).status).toBe(404);
    // The gateway refused a filter on purpose, which the browser reports as an error of the network.
    expect(viewer.complaints.filter((text) => !/status of 400/.test(text))).toEqual([]);
  });

  it("shows what is wrong with it at the fields", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/routes");
    await page.getByRole("link", { name: "Create route" }).click();
    await page.getByRole("button", { name: "Create route" }).click();
    await page.getByText("must name at least one destination", { exact: true }).waitFor();
  });
});

inBrowser("a stranger", () => {
  it("cannot make anything but text of fields, values and conditions", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const hostile = `"><img src=x onerror=alert(1)>`;
    const id = await post({ Id: "bad", Title: hostile, [hostile]: { "<script>alert(2)</script>": hostile } });
    await signIn(viewer, `/routes/new?event=${id}`);
    await page.getByRole("button", { name: "Add a condition on data.alert.title" }).click();
    await page.getByRole("button", { name: `Add a condition on data.event.payload.${hostile}` }).click();
    await page.getByText(/^1 of the newest/).waitFor();
    expect(await page.getByLabel("Value", { exact: true }).first().inputValue()).toBe(hostile);
    await page.goto(`/routes/explain?event=${id}`);
    await page.getByText("takes it").first().waitFor();
    expect(await page.locator("img, body script:not([src])").count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("which route takes an event", () => {
  it("is said for each route, with the values that were compared", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const [destination] = (await stand.gateway.api("GET", "/destinations")).body.data;
    await stand.gateway.create("routes", {
      name: "Only staging",
      destination_ids: [destination.id],
      match: { "data.event.payload.env": "staging" },
    });
    await signIn(viewer, "/routes");
    await page.getByRole("link", { name: "Which route takes an event?" }).click();
    await page.getByRole("link", { name: "Replica lags" }).click();
    await page.waitForURL(`**/routes/explain?event=${eventId}`);
    const route = page.getByRole("list", { name: "Routes" }).getByRole("listitem").filter({ hasText: "Only staging" });
    await route.getByText("does not", { exact: true }).waitFor();
    await route.getByText('"staging"').waitFor();
    await route.getByText('"prod"').waitFor();
    await page.getByText("takes it").first().waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("a reader", () => {
  it("sees what routes say, and no control that would be refused", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer, "/routes");
    await page.getByRole("link", { name: "Monitoring to the receiver" }).click();
    await page.getByRole("heading", { name: "Filter" }).waitFor();
    expect(await page.getByRole("button", { name: /^(?:Save|Delete|Disable|Enable|Create)/ }).count()).toBe(0);
    await page.getByRole("link", { name: "All routes" }).click();
    await page.waitForURL("**/routes");
    expect(await page.getByRole("link", { name: "Create route" }).count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });
});

import { once } from "node:events";
import { createServer } from "node:http";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { type Stand, inBrowser, openViewer, replaceText, signIn, startStand } from "./stand.ts";

/** The browser reports a request that the gateway refuses, such as one with an invalid template, as an error of the network. */
const REFUSED = /status of 400/;

let stand: Stand;
let broken: { readonly id: string };

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  broken = await gateway.create("destinations", {
    name: "Broken",
    type: "webhook",
    url: "http://127.0.0.1:9/",
    signing: { scheme: "none" },
    retry_schedule: [1],
  });
  await gateway.create("routes", {
    name: "To what is broken",
    integration_ids: [integration.id],
    destination_ids: [broken.id],
  });
  await gateway.post(integration, token, { event_type: "create", Id: "key", Title: "Disk full" });
});

inBrowser("a failing destination", () => {
  it("is found in the list, tested, corrected, and gets its dead deliveries again", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/destinations");
    await page.getByRole("row").filter({ hasText: "Broken" }).getByText("since").waitFor();
    await page.getByRole("link", { name: "Broken", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Broken" }).waitFor();
    await page.getByRole("link", { name: "1 dead, not replayed" }).waitFor();
    await page.getByText("Last failure").waitFor();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByText("The test failed").waitFor();
    await page.getByRole("link", { name: "Settings" }).last().click();
    await page.getByLabel("URL").fill(`${stand.receiver.origin}/mended`);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The destination was saved").waitFor();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByText("The test was delivered").waitFor();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Replay" }).click();
    await page.getByRole("link", { name: "Health" }).click();
    await page.getByText("attempt 1: 200").waitFor();
    await page.getByRole("link", { name: "0 dead, not replayed" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("is paused and resumed", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/destinations/${broken.id}`);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Its deliveries wait and none is cancelled").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("a destination", () => {
  it("shows in its settings what the button above them has changed, and that a file manages it", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("destinations", {
      name: "Idle",
      type: "webhook",
      url: "https://idle.example.com/",
      enabled: false,
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/destinations/${id}?view=settings`);
    const isEnabled = page.getByRole("switch", { name: "Enabled" });
    await isEnabled.and(page.locator('[aria-checked="false"]')).waitFor();
    await page.getByRole("button", { name: "Enable", exact: true }).click();
    await isEnabled.and(page.locator('[aria-checked="true"]')).waitFor();
    const { body } = await gateway.api("GET", "/config");
    expect((await gateway.api("PUT", "/config", body)).status).toBe(200);
    await page.reload();
    await page.getByText("A configuration file manages this destination.").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("is created from a preset of the gallery, and its payload is previewed with errors at their line", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/destinations");
    await page.getByRole("link", { name: "Create destination" }).click();
    await page.getByRole("link", { name: /^Slack/u }).click();
    await page.getByLabel("URL").fill(stand.receiver.url);
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.getByRole("heading", { level: 1, name: "Slack" }).waitFor();
    await page.getByRole("link", { name: "Payload" }).click();
    await page.getByRole("region", { name: "Rendered payload" }).getByText("Disk full").first().waitFor();
    await page.getByRole("combobox", { name: "Mode" }).click();
    await page.getByRole("option", { name: "Template" }).click();
    const editor = page.getByRole("textbox", { name: "Template" });
    await replaceText(editor, "line one\n{% if %}\nline three");
    await page.getByRole("alert").getByText("line:2").waitFor();
    await page.locator(".cm-lint-marker-error").waitFor();
    await replaceText(editor, '{"title": {{ data.alert.title | json }}}');
    await page.getByRole("region", { name: "Rendered payload" }).getByText('{"title": "Disk full"}').waitFor();
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });

  it("is found among all presets, says what to do in the product, and has the fields that it needs", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/destinations/new");
    for (const category of ["Chat", "Tickets and tasks", "Documents and tables", "Automation"]) {
      await page.getByRole("region", { name: category }).waitFor();
    }
    const cards = page.locator(".gallery-card");
    expect(await cards.count()).toBeGreaterThan(50);
    const search = page.getByLabel("Search destinations");
    await search.fill("new-relic");
    await page.getByRole("link", { name: /^New Relic events/u }).waitFor();
    await page.getByRole("link", { name: /^Jira/u }).waitFor({ state: "detached" });
    await search.fill("ticket jira");
    await page.getByRole("link", { name: /^Jira/u }).click();
    const steps = page.getByRole("region", { name: "In Jira" });
    await steps.getByText("Create API token").waitFor();
    await page.getByLabel("URL").fill("https://other.example.com/");
    await page.getByLabel("Username").fill("ops@example.com");
    await page.getByLabel("Password").fill("token");
    await page.getByLabel("Project").fill("OPS");
    await page.getByLabel("Issue type").fill("Task");
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.getByText("must be an address on").first().waitFor();
    await page.getByLabel("URL").fill("https://example.atlassian.net");
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.getByRole("heading", { level: 1, name: "Jira" }).waitFor();
    await page.getByRole("link", { name: "Payload" }).click();
    await page.getByRole("region", { name: "Rendered payload" }).getByText("Disk full").first().waitFor();
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });

  it("shows its secret once, and after a rotation until when the replaced one signs", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/destinations/new?kind=webhook");
    await page.getByLabel("Name").fill("Signed");
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.locator("[aria-invalid='true']").first().waitFor();
    await page.getByLabel("URL").fill(stand.receiver.url);
    await page.getByRole("button", { name: "Create destination" }).click();
    await page.getByText(/^whsec_/u).waitFor();
    await page.getByRole("link", { name: "Continue to the destination" }).click();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate secret" }).click();
    await page.getByText(/^whsec_/u).waitFor();
    await page.getByText("Replaced secret signs until").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Destinations" }).waitFor();
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });

  it("has no controls for a reader", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer, "/destinations");
    await page.getByRole("link", { name: "Receiver", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Receiver" }).waitFor();
    await page.getByRole("link", { name: "All deliveries" }).waitFor();
    for (const name of ["Test", "Pause", "Replay", "Rotate secret", "Delete", "Save", "Retry"]) {
      expect(await page.getByRole("button", { name, exact: true }).count(), name).toBe(0);
    }
    await page.goto("/destinations/new");
    await page.getByText("Your token may not create destinations").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("has another request for a type of event, which is previewed, and keeps a value that the alert shows", async () => {
    const { gateway, integration, token, receiver } = stand;
    const tracker = await gateway.create("destinations", { name: "Tracker", url: receiver.url });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/destinations/${tracker.id}`);
    await page.getByRole("link", { name: "By event type" }).click();
    await page.getByRole("combobox", { name: "Event type" }).click();
    await page.getByRole("option", { name: "alert.resolved" }).click();
    await page.getByRole("switch", { name: "alert.resolved has a request of its own" }).click();
    await page.getByLabel("URL").fill("https://{{ host }}/");
    await page.getByRole("alert").first().waitFor();
    await page.getByLabel("URL").fill(`${receiver.origin}/issue/{{ captured.issue_key }}`);
    await replaceText(page.getByRole("textbox", { name: "Body" }), '{"closed": {{ data.alert.title | json }}}');
    await page.getByRole("region", { name: "Rendered payload" }).getByText('{"closed": "Disk full"}').waitFor();
    await page.getByText(`${receiver.origin}/issue/issue_key`).waitFor();
    await page.getByText("No value was captured yet for issue_key").waitFor();
    await page.getByRole("combobox", { name: "Event type" }).click();
    await page.getByRole("option", { name: "alert.created" }).click();
    await page.getByRole("switch", { name: "alert.created has a request of its own" }).click();
    await replaceText(page.getByRole("textbox", { name: "Values to keep" }), "issue_key = key");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The requests were saved").waitFor();
    const { body } = await gateway.api("GET", `/destinations/${tracker.id}`);
    expect(body.requests).toEqual({
      "alert.created": { capture: { issue_key: "key" } },
      "alert.resolved": {
        url: `${receiver.origin}/issue/{{ captured.issue_key }}`,
        body: '{"closed": {{ data.alert.title | json }}}',
      },
    });
    const tickets = createServer((_request, response) => response.end('{"key": "OPS-7"}')).listen(0, "127.0.0.1");
    onTestFinished(() => void tickets.close());
    await once(tickets, "listening");
    const address = tickets.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    await gateway.api("PATCH", `/destinations/${tracker.id}`, { url });
    await gateway.create("routes", {
      name: "Tickets",
      integration_ids: [integration.id],
      destination_ids: [tracker.id],
    });
    await gateway.post(integration, token, { event_type: "create", Id: "ticket", Title: "With a ticket" });
    await page.goto("/alerts");
    await page.getByText("With a ticket").first().click();
    const alert = page.getByRole("article", { name: "Alert" });
    await alert.getByRole("region", { name: "Kept from responses" }).getByText("OPS-7").waitFor();
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });
});

import { createHmac } from "node:crypto";
import { beforeAll, expect, it, vi } from "vitest";
import { type Stand, inBrowser, openViewer, replaceText, signIn, startStand } from "./stand.ts";

/** The browser reports a request that the gateway refuses as an error of the network. */
const REFUSED = /status of 400/;

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});

async function post(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  await response.body?.cancel();
  return response.status;
}

inBrowser("the inspector of an integration", () => {
  it("shows what arrives and what is refused without a reload, with the request and the reason", async () => {
    const { gateway } = stand;
    const integration = await gateway.create("integrations", {
      name: "Inspected",
      type: "pagertree",
      auth: { type: "token", token: "tok_inspected" },
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/integrations");
    await page.getByRole("link", { name: "Inspected", exact: true }).click();
    await page.getByRole("heading", { name: "Waiting for the first request" }).waitFor();
    await page.getByRole("region", { name: "Command" }).getByText(integration.url).waitFor();
    const { url } = integration;
    const alert = { event_type: "create", Id: "1", Title: "Disk full" };
    expect(await post(url, { "pagertree-token": "tok_inspected", "x-from": "rack 7" }, alert)).toBe(200);
    const inspector = page.getByRole("region", { name: "Inspector" });
    await inspector.getByRole("link", { name: /Disk full/u }).waitFor();
    await inspector.getByRole("heading", { name: "Disk full" }).waitFor();
    await inspector.getByRole("region", { name: "Payload" }).getByText('"Title": "Disk full"').waitFor();
    await inspector.getByRole("link", { name: "Headers" }).click();
    await inspector.getByText("rack 7").waitFor();
    expect(await post(url, { "pagertree-token": "wrong" }, alert)).toBe(403);
    await page.mouse.move(0, 0);
    await inspector.getByRole("link", { name: /Wrong token/u }).click();
    await inspector.getByText("1 request refused").waitFor();
    await inspector.getByText("403 bad_token").waitFor();
    expect(new URL(page.url()).searchParams.has("rejection")).toBe(true);
    await page.getByText("The latest request was refused with 403").waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

inBrowser("an integration", () => {
  it("is created in one step, with its token shown and a command that works", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/integrations");
    await page.getByRole("link", { name: "Create integration" }).first().click();
    await page.getByLabel("Search senders").fill("pagertree");
    await page.getByRole("radio", { name: "PagerTree-style webhook", exact: true }).check();
    await page.getByLabel("Name").fill("Night shift");
    await page.getByRole("combobox", { name: "Authentication" }).click();
    await page.getByRole("option", { name: "Token in a header" }).click();
    await page.getByRole("button", { name: "Create integration" }).click();
    await page.getByRole("heading", { level: 1, name: "Night shift" }).waitFor();
    await page.getByRole("heading", { name: "Connect PagerTree-style webhook" }).waitFor();
    const command = (await page.getByRole("region", { name: "Command" }).textContent()) ?? "";
    const url = /'(http[^']+)'/u.exec(command)?.[1] ?? "";
    const token = /pagertree-token: ([^']+)/u.exec(command)?.[1] ?? "";
    const body = /--data-raw '(.*)'/u.exec(command)?.[1] ?? "";
    expect(await post(url, { "pagertree-token": token }, JSON.parse(body))).toBe(200);
    await page.getByRole("link", { name: "Watch it arrive" }).click();
    await page.getByRole("link", { name: /The first alert/u }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("shows the clicks at the vendor, with the URL and the token that was shown filled in", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/integrations/new");
    await page.getByLabel("Search senders").fill("datadog");
    await page.getByRole("radio", { name: "Datadog", exact: true }).check();
    // The page of Datadog recommends a token.
    await page.getByRole("combobox", { name: "Authentication" }).getByText("Token in a header").waitFor();
    await page.getByRole("button", { name: "Create integration" }).click();
    await page.getByRole("heading", { name: "Connect Datadog" }).waitFor();
    await page.getByText("Integrations → Webhooks → New").waitFor();
    await page.getByText('"ALERT_CYCLE_KEY": "$ALERT_CYCLE_KEY"').waitFor();
    const token = (await page.getByText(/^tok_/u).textContent()) ?? "";
    await page.getByText(`{"pagertree-token": "${token}"}`).waitFor();
    await page.reload();
    await page.getByText('{"pagertree-token": "<auth.token>"}').waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("is edited: its name, options, authentication and limits, with the gateway's messages at the fields", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("integrations", { name: "Edited", type: "pagertree" });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}?view=settings`);
    await page.getByLabel("Name").fill("Edited twice");
    await page.getByLabel("Title template").fill("{% if %}");
    await page.getByLabel("Expect an event every (minutes)").fill("60");
    await page.getByLabel("Requests per period").fill("many");
    await page.getByText("must be a number").waitFor();
    await page.getByLabel("Requests per period").fill("100");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Title template").and(page.locator("[aria-invalid='true']")).waitFor();
    await page.getByLabel("Title template").fill("{{ data.Title }} again");
    await page.getByRole("combobox", { name: "Authentication" }).click();
    await page.getByRole("option", { name: "Bearer token" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^tok_/u).waitFor();
    await page.getByRole("heading", { level: 1, name: "Edited twice" }).waitFor();
    const { body } = await gateway.api("GET", `/integrations/${id}`);
    expect(body).toMatchObject({
      name: "Edited twice",
      auth: { type: "bearer" },
      options: { title_template: "{{ data.Title }} again", expect_every_minutes: 60 },
      rate_limit: { requests: 100, period_seconds: 60 },
    });
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });

  it("previews a request: whether its signature would be accepted, and what it would become", async () => {
    const { gateway } = stand;
    const secret = "a shared secret";
    const { id } = await gateway.create("integrations", {
      name: "Signed",
      type: "pagertree",
      auth: { type: "signature", scheme: "hmac", secret },
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}?view=preview`);
    const body = '{"event_type":"create","Id":"7","Title":"Disk full"}';
    await page.getByRole("textbox", { name: "Body" }).fill(body);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("The signature would be refused.").waitFor();
    await page.getByText("has no header x-signature").waitFor();
    const events = page.getByRole("list", { name: "Events" });
    await events.getByText("Disk full", { exact: true }).waitFor();
    const headers = page.getByRole("textbox", { name: "Headers" });
    await headers.fill("x-signature");
    await page.getByText("Line 1: A header is a name").waitFor();
    await headers.fill(`x-signature: ${createHmac("sha256", secret).update(body).digest("hex")}`);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("The signature would be accepted.").waitFor();
    await page.getByText("The bytes that were signed").click();
    await page.getByRole("region", { name: "Signed bytes" }).getByText(body).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("previews a stored request again", async () => {
    const { gateway, integration, token } = stand;
    const { body } = await gateway.post(integration, token, { event_type: "create", Id: "again", Title: "Again" });
    await vi.waitFor(async () => expect((await gateway.api("GET", `/events/${body.id}`)).status).toBe(200), 60_000);
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${integration.id}?view=preview&sample=${body.id}`);
    await page.getByRole("textbox", { name: "Body" }).getByText('"Id":"again"').waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("The credentials would be refused.").waitFor();
    await page.getByRole("list", { name: "Events" }).getByText("To Receiver").waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("asks before changes are lost, and not after they are saved", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("integrations", { name: "Unsaved", type: "catch" });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}?view=settings`);
    const parts = page.getByRole("navigation", { name: "Parts of the integration" });
    const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
    await page.getByLabel("Child key").fill("data");
    await page.getByRole("link", { name: "Routes", exact: true }).click();
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    expect(await page.getByLabel("Child key").inputValue()).toBe("data");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The integration was saved").waitFor();
    await parts.getByRole("link", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "Try it" }).waitFor();
    await parts.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Child key").fill("data.items");
    await parts.getByRole("link", { name: "Inspector" }).click();
    await question.getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { name: "Waiting for the first request" }).waitFor();
    await parts.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Child key").fill("data.items");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Integrations" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("gets rules of one's own, with what is wrong with them below the editor", async () => {
    const { gateway } = stand;
    const { id } = await gateway.create("integrations", {
      name: "Ruled",
      type: "rules",
      options: { rule_set: "grafana" },
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}?view=settings`);
    await page.getByRole("combobox", { name: "Rule set" }).click();
    await page.getByRole("option", { name: "Rules of my own" }).click();
    const editor = page.getByRole("textbox", { name: "Rules" });
    await replaceText(editor, '{"rules": [{"match": {"data.a": 1}, "actions": [{"type": "ignore"}]}]}');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^rules\[0\]\.match/u).waitFor();
    await replaceText(editor, '{"rules": [{"match": {"log.data.a": 1}, "actions": [{"type": "ignore"}]}]}');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The integration was saved").waitFor();
    const { options } = (await gateway.api("GET", `/integrations/${id}`)).body;
    expect(options.rule_set ?? null).toBeNull();
    expect(options.rules).toHaveLength(1);
    expect(viewer.complaints.filter((text) => !REFUSED.test(text))).toEqual([]);
  });

  it("gets another token and another URL, and what they replace works until the overlap ends", async () => {
    const { gateway } = stand;
    const { id, url } = await gateway.create("integrations", {
      name: "Rotated",
      type: "catch",
      auth: { type: "bearer", token: "tok_former" },
    });
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}`);
    await page.getByRole("button", { name: "Rotate token" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate token" }).click();
    const token = (await page.getByText(/^tok_/u).textContent()) ?? "";
    await page.getByText("The replaced token is accepted until").waitFor();
    await page.getByRole("button", { name: "Rotate URL" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate URL" }).click();
    await page.getByText("The earlier URL works until").waitFor();
    const next = (await gateway.api("GET", `/integrations/${id}`)).body.url;
    expect(next).not.toBe(url);
    for (const [to, credential] of [
      [url, "tok_former"],
      [next, "tok_former"],
      [next, token],
    ]) {
      expect(await post(to, { authorization: `Bearer ${credential}` }, { hello: "world" })).toBe(200);
    }
    await page.getByRole("button", { name: "Rotate token" }).click();
    await page.getByRole("radio", { name: /at once/u }).check();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate token" }).click();
    await page.getByText("The replaced token is accepted until").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
    await page.getByText("Senders get the status 410").waitFor();
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByRole("button", { name: "Disable" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Integrations" }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("cannot be created or changed by a reader", async () => {
    const viewer = await openViewer(stand, { scopes: ["read"] });
    const { page } = viewer;
    await signIn(viewer, "/integrations/new");
    await page.getByText("Your token may not create integrations").waitFor();
    expect(await page.getByRole("button", { name: "Create integration" }).count()).toBe(0);
    await page.goto(`/integrations/${stand.integration.id}`);
    await page.getByRole("heading", { level: 1, name: "Monitoring" }).waitFor();
    await page.goto(`/integrations/${stand.integration.id}?view=settings`);
    await page.getByText("Your token may read this integration, but not change it").waitFor();
    for (const name of ["Disable", "Rotate token", "Rotate URL", "Delete", "Save"]) {
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
    }
    expect(viewer.complaints).toEqual([]);
  });
});

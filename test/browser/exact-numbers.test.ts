import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, expect, it, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { type Stand, type Viewer, inBrowser, openViewer, replaceText, signIn, startStand } from "./stand.ts";

const N = "9007199254740993";
const NEXT = "9007199254740995";
const NUMBERS = [
  N,
  "-9007199254740993",
  "1e400",
  "0.1000000000000000055",
  "12345678901234567890123456789",
  "1.0",
  "-0",
];
/** What the gateway itself shows: whole numbers with all digits, others as the nearest double. */
const SHOWN = [N, "-9007199254740993", "1e400", "0.1", "12345678901234567890123456789", "1", "0"];
const MATCH = `{"data.event.payload.order":${N}}`;

let stand: Stand;
let eventId: string;
let plain: { readonly id: string; readonly url: string };

/** The text of a response of the API: the tests' own JSON would round the numbers. */
async function api(method: string, path: string, body?: string): Promise<string> {
  const headers = { authorization: `Bearer ${stand.gateway.adminToken}`, "content-type": "application/json" };
  const response = await fetch(`${stand.gateway.url}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return await response.text();
}

async function send(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
  const { id } = JSON.parse(await response.text());
  return id;
}

/** As in Firefox 134, in Safari 18.3 and in Chrome 113. */
async function forgetRawJson(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { parse } = JSON;
    Reflect.deleteProperty(JSON, "rawJSON");
    Reflect.deleteProperty(JSON, "isRawJSON");
    JSON.parse = (text: string, revive?: (name: string, value: unknown) => unknown) =>
      parse(text, revive === undefined ? undefined : (name, value) => revive(name, value));
  });
}

function onlyOf(rows: readonly { readonly id: string }[]) {
  const [only] = rows;
  if (only === undefined) throw new Error("There is nothing yet.");
  return only;
}

async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("button", { name: "Copied" }).first().waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
}

async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

beforeAll(async () => {
  stand = await startStand();
  const { gateway, receiver } = stand;
  plain = await gateway.create("integrations", { name: "Orders", type: "catch" });
  const members = NUMBERS.map((number, index) => `"n${index}":${number}`).join(",");
  eventId = await send(plain.url, `{"order":${N},"list":[${N}],${members}}`);
  const { id } = await gateway.create("destinations", { name: "Books", type: "webhook", url: receiver.url });
  await api("POST", "/routes", `{"name":"Exact","destination_ids":["${id}"],"match":${MATCH}}`);
  await api("POST", "/routes", `{"name":"Other","destination_ids":["${id}"],"match":${MATCH.replace(N, NEXT)}}`);
});

const BROWSERS = [
  ["of today", async () => {}],
  ["without JSON.rawJSON", forgetRawJson],
] as const;

inBrowser.each(BROWSERS)("a number with more digits than a double, in a browser %s", (_name, prepare) => {
  async function open(address: string): Promise<Viewer> {
    const viewer = await openViewer(stand);
    await viewer.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stand.gateway.url });
    await prepare(viewer.context);
    await signIn(viewer, address);
    return viewer;
  }

  it("has all digits in the list, in the name of an event, in both views of its request, and as it is copied", async () => {
    const viewer = await open("/events");
    const { page } = viewer;
    await page
      .getByRole("link", { name: `order: ${N}` })
      .first()
      .click();
    await page.waitForURL(`**/events/${eventId}`);
    await page.getByRole("heading", { name: `order: ${N}` }).waitFor();
    const members = SHOWN.map((number, index) => `"n${index}":${number}`).join(",");
    const request = page.getByRole("region", { name: "Payload" });
    const pretty = (await request.textContent()) ?? "";
    expect(pretty.replaceAll(/\s/g, "")).toBe(`{"order":${N},"list":[${N}],${members}}`);
    expect(await copied(page, "Copy")).toBe(pretty);
    expect(await copied(page, "Copy as curl")).toContain(`{"order":${N},"list":[${N}],${members}}`);
    await page.getByRole("link", { name: "Raw" }).click();
    await page.getByText(`{"order":${N},"list":[${N}],${members}}`).waitFor();
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByText(`${NEXT}, but it is ${N}`).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("chosen from a payload is a filter with the same digits, and can be written by hand in both views", async () => {
    const viewer = await open(`/routes/new?event=${eventId}`);
    const { page } = viewer;
    const form = page.getByRole("form", { name: "Create route" });
    await form.getByLabel("Name").fill(`By hand ${_name}`);
    await page.getByRole("button", { name: "Add a condition on data.event.payload.order" }).click();
    const condition = form.getByRole("group", { name: "Condition on data.event.payload.order" });
    const value = condition.getByLabel("Value", { exact: true });
    expect(await value.inputValue()).toBe(N);
    expect(await condition.getByLabel("Type of the value").inputValue()).toBe("number");
    await page.getByText(/^1 of the newest \d+ events would match\.$/).waitFor();
    await value.fill(NEXT);
    await page.getByText(/^0 of the newest \d+ events would match\.$/).waitFor();
    await page.locator("label", { hasText: "JSON" }).click();
    const editor = page.getByRole("textbox", { name: "Filter as JSON" });
    await editor.getByText(NEXT).waitFor();
    await replaceText(editor, `{"data.event.payload.order":{"$in":[${N},-${N}]}}`);
    await page.locator("label", { hasText: "Builder" }).click();
    await condition.getByText(`-${N}`).waitFor();
    await page.getByText(/^1 of the newest \d+ events would match\.$/).waitFor();
    await form.getByRole("checkbox", { name: "Books" }).check();
    await form.getByRole("button", { name: "Create route" }).click();
    await page.waitForURL("**/routes/rte_*");
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(await api("GET", `/routes/${id}`)).toContain(`"match":{"data.event.payload.order":{"$in":[${N},-${N}]}}`);
    await api("DELETE", `/routes/${id}`);
    expect(viewer.complaints).toEqual([]);
  });

  it("has all digits in the fields of an alert", async () => {
    const body = `{"event_type":"create","Id":"exact ${_name}","Title":"Exact","Meta":{"order":${N}}}`;
    await stand.gateway.send(stand.integration, body);
    const alert = await vi.waitFor(async () => {
      const { data } = JSON.parse(await api("GET", `/alerts?key=${encodeURIComponent(`exact ${_name}`)}`));
      return onlyOf(data);
    }, WITHIN);
    const viewer = await open(`/alerts/${alert.id}`);
    await viewer.page.locator("dl.headers").getByText(N, { exact: true }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("has all digits in the configuration that is downloaded, and in the plan of one that is uploaded", async () => {
    const viewer = await open("/settings/config");
    const { page } = viewer;
    expect(await downloaded(page, "Download JSON")).toContain(`"data.event.payload.order": ${N}`);
    const yaml = await downloaded(page, "Download YAML");
    expect(yaml).toContain(`data.event.payload.order: ${N}\n`);
    const editor = page.getByRole("textbox", { name: "Document" });
    await replaceText(editor, yaml);
    await page.getByRole("button", { name: "Show plan" }).click();
    await page.getByText("The configuration is already what the document says.").waitFor();
    await replaceText(editor, yaml.replace(`order: ${N}`, `order: ${NEXT}`));
    await page.getByRole("button", { name: "Show plan" }).click();
    await page.locator("del", { hasText: MATCH }).waitFor();
    await page.locator("ins", { hasText: MATCH.replace(N, NEXT) }).waitFor();
    await page.goto("/settings/audit?kind=route");
    const entry = page.getByRole("listitem").filter({ has: page.getByText("Exact", { exact: true }) });
    await entry.getByText("route.created").click();
    await entry.locator("ins", { hasText: MATCH }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it("has all digits in a preview, and in a response that is edited", async () => {
    const viewer = await open(`/integrations/${plain.id}?view=preview`);
    const { page } = viewer;
    await replaceText(page.getByRole("textbox", { name: "Body" }), `{"order":${N}}`);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("Payload", { exact: true }).click();
    await page.getByText(`"order": ${N}`).waitFor();
    await api("PATCH", `/integrations/${plain.id}`, `{"response":{"status":200,"headers":{},"body":{"id":${N}}}}`);
    await page.goto(`/integrations/${plain.id}?view=settings`);
    const editor = page.getByRole("textbox", { name: "Response", exact: true });
    await editor.getByText(N).waitFor();
    await replaceText(editor, `{"status":202,"body":{"id":${NEXT},"ids":[${N}]}}`);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("saved").first().waitFor();
    expect(await api("GET", `/integrations/${plain.id}`)).toContain(`"body":{"id":${NEXT},"ids":[${N}]}`);
    expect(viewer.complaints).toEqual([]);
  });
});

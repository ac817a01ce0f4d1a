import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { beforeAll, expect, it } from "vitest";
import { CORPUS, NEVER_IN_A_PAGE } from "./corpus.ts";
import { type Ids, PATHS, pathsOf } from "./pages.ts";
import { type Stand, type Viewer, atEndOfFile, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

// Everything that a stranger, a sender, a destination or another administrator can write is an attack, and every page is visited.

type Victim = Ids & { readonly text: string; readonly delivery: string };

let stand: Stand;
let victims: readonly Victim[];

/** A destination whose responses are attacks, too. Every other one is a failure. */
function hostileServer(): LocalServer {
  let count = 0;
  return new LocalServer(async (request, response) => {
    for await (const _ of request);
    const text = CORPUS[count++ % CORPUS.length];
    response.writeHead(count % 2 === 0 ? 200 : 400, { "content-type": "text/html" }).end(text);
  });
}

const MAX_NAME = 200;

const isAscii = (text: string): boolean => /^[\x20-\x7E]*$/.test(text);

/** The longest name with this attack and those after it. */
function nameFrom(index: number): string {
  let name = CORPUS[index] ?? "";
  for (let at = 1; ; at++) {
    const longer = `${name} ${CORPUS[(index + at) % CORPUS.length]}`;
    if (longer.length > MAX_NAME) return name;
    name = longer;
  }
}

async function plant(text: string, name: string, origin: string): Promise<Omit<Victim, "alert" | "delivery">> {
  const { gateway } = stand;
  const headers = isAscii(text) ? { "x-note": text } : {};
  const destination = await gateway.create("destinations", {
    name,
    type: "webhook",
    url: `${origin}/${encodeURIComponent(text)}`,
    headers,
  });
  const options = { capture_additional_data: true };
  const integration = await gateway.create("integrations", {
    name,
    type: "pagertree",
    auth: { type: "none" },
    options,
  });
  const route = await gateway.create("routes", {
    name,
    integration_ids: [integration.id],
    destination_ids: [destination.id],
    match: { "data.alert.title": { $ne: `${text}!` } },
  });
  await gateway.create("tokens", { name: text, scopes: ["read"] });
  const fields = {
    Id: text,
    Title: text,
    Description: text,
    Tags: [text],
    Urgency: "high",
    [text]: { [text]: [text] },
  };
  const Meta = { [text]: text, incident: true, incident_severity: text, incident_message: text };
  const response = await fetch(`${integration.url}?${encodeURIComponent(text)}=${encodeURIComponent(text)}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(isAscii(text) && { "x-note": text, "user-agent": text }) },
    body: JSON.stringify({ event_type: "create", ...fields, Meta }),
  });
  const { id } = await response.json();
  const transformation = await gateway.create("transformations", {
    name,
    code: `export default (event) => {\n  console.log(${JSON.stringify(text)});\n  throw new Error(${JSON.stringify(text)});\n};\n`,
  });
  return {
    text,
    event: id,
    route: route.id,
    destination: destination.id,
    integration: integration.id,
    transformation: transformation.id,
  };
}

/** Waits until an event has its alert and an attempt. */
async function grown(planted: Omit<Victim, "alert" | "delivery">): Promise<Victim> {
  for (;;) {
    const { body } = await stand.gateway.api("GET", `/events/${planted.event}`);
    const [delivery] = body.deliveries;
    if (delivery?.attempts.length > 0) return { ...planted, alert: body.alert_id, delivery: delivery.id };
  }
}

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration } = stand;
  const server = hostileServer();
  await server.start();
  atEndOfFile(() => server.stop());
  const caught = await gateway.create("integrations", { name: "Anything", type: "catch", auth: { type: "none" } });
  const planted: Omit<Victim, "alert" | "delivery">[] = [];
  for (const [index, text] of CORPUS.entries()) {
    planted.push(await plant(text, nameFrom(index), server.origin));
    const form = new URLSearchParams({ [text]: text });
    await fetch(caught.url, { method: "POST", body: form });
    await fetch(caught.url, { method: "POST", headers: { "content-type": "text/html" }, body: text });
    // This one is refused, and the refusal is on record.
    await gateway.post(integration, encodeURIComponent(text), { Title: text });
  }
  const all: Victim[] = [];
  for (const each of planted) all.push(await grown(each));
  victims = all;
});

async function visit({ page }: Viewer, path: string): Promise<void> {
  await page.goto(path);
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => document.querySelector(".loading") === null);
  const found = await page
    .locator(NEVER_IN_A_PAGE.join(","))
    .evaluateAll((all) => all.map(({ outerHTML }) => outerHTML));
  expect(found, path).toEqual([]);
}

inBrowser("the text of a stranger stays text", () => {
  it("in every list and on every page", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await page.setViewportSize({ width: 1_440, height: 3_000 });
    await signIn(viewer, "/events");
    for (const path of PATHS) await visit(viewer, path);
    await visit(viewer, "/settings/tokens");
    // Nothing is dropped or changed: an attack may be the name that somebody looks for.
    const shown = await page.locator("#main bdi").allTextContents();
    expect(CORPUS.filter((text) => !shown.includes(text))).toEqual([]);
    expect(viewer.complaints).toEqual([]);
  });

  it("on the page of each event", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    for (const { text, event } of victims) {
      await visit(viewer, `/events/${event}?tab=raw`);
      const payload = await page.getByRole("region", { name: "Payload" }).textContent();
      expect(payload).toContain(JSON.stringify(text));
      await page.keyboard.press("r");
      await page.getByRole("alertdialog").waitFor();
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("on the pages of deliveries, alerts, integrations, destinations and routes", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    for (const [index, victim] of victims.entries()) {
      const paths = [...pathsOf(victim), `/deliveries/${victim.delivery}`];
      await visit(viewer, paths[index % paths.length] ?? "/");
      // The responses of the destination.
      if (page.url().includes("/deliveries/")) await page.getByText("#1").first().click();
    }
    expect(viewer.complaints).toEqual([]);
  });

  it("in filters, ids and other parts of the address", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    for (const [index, text] of CORPUS.entries()) {
      const value = encodeURIComponent(text);
      const paths = [
        `/events?q=${value}&alert=${value}&integration=${value}&live=off`,
        `/deliveries?event=${value}&destination=${value}&replay=${value}`,
        `/alerts?q=${value}&integration=${value}`,
        `/integrations/${value}?event=${value}`,
        `/destinations/new?preset=${value}&q=${value}`,
        `/routes/explain?event=${value}`,
        `/settings/audit?actor=${value}&id=${value}&action=${value}`,
        `/login?return_to=${value}`,
        `/${value}`,
      ];
      const path = paths[index % paths.length] ?? "/";
      await page.goto(path);
      await page.locator("h1").waitFor();
      expect(await page.locator(NEVER_IN_A_PAGE.join(",")).count(), path).toBe(0);
      expect(new URL(page.url()).origin).toBe(new URL(stand.gateway.url).origin);
    }
    const unexpected = viewer.complaints.filter((complaint) => !/status of 40[04]/.test(complaint));
    expect(unexpected).toEqual([]);
  });

  it("in the command palette", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("<script>alert(1)");
    const options = page.getByRole("option").filter({ hasText: "<script>alert(1)</script>" });
    await options.filter({ hasText: "integration" }).first().waitFor();
    await options.filter({ hasText: "event" }).first().waitFor();
    expect(await page.locator(NEVER_IN_A_PAGE.join(",")).count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });
});

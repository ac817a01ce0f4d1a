import { createHmac } from "node:crypto";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Own, follow } from "./reader.ts";
import { type EmptyStand, type Viewer, inBrowser, openViewer, signIn, startEmptyStand } from "./stand.ts";

// Each page of docs/start-here, followed in the dashboard as a reader would follow it, one after the other on one gateway.

const STRIPE_EVENT = '{"id":"evt_1","object":"event","type":"invoice.paid"}';
const STRIPE_SECRET = "whsec_c2VjcmV0";

let stand: EmptyStand;
let viewer: Viewer;

beforeAll(async () => {
  stand = await startEmptyStand();
});
beforeEach(async () => {
  viewer = await openViewer(stand);
  await signIn(viewer);
});
afterEach(async () => {
  expect(viewer.complaints).toEqual([]);
  await viewer.context.close();
});

const hmac = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest("hex");

async function read(name: string, { sendSigned = async () => {}, fields = {} }: Partial<Own> = {}): Promise<void> {
  await follow(viewer.page, name, { receiver: stand.receiver.url, fields, sendSigned });
}

/** Waits until an integration has so many deliveries, all of them delivered. */
async function expectDelivered(integration: string, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { gateway } = stand;
      const { body } = await gateway.api("GET", `/deliveries?integration_id=${await idOf(integration)}`);
      expect(body.data.map(({ status }: { status: string }) => status)).toEqual(Array(count).fill("delivered"));
    },
    { timeout: 60_000, interval: 200 },
  );
}

async function idOf(integration: string): Promise<string> {
  const { body } = await stand.gateway.api("GET", `/integrations?name=${encodeURIComponent(integration)}`);
  return body.data[0].id;
}

async function post(integration: string, text: string, headers: Record<string, string>): Promise<void> {
  const url = `${stand.gateway.url}/integration/${await idOf(integration)}`;
  const init = { method: "POST", body: text, headers: { ...headers, "content-type": "application/json" } };
  expect((await fetch(url, init)).status).toBe(200);
}

inBrowser("the dashboard, as the page describes it,", () => {
  it("replaces a Zapier catch hook", async () => {
    const { gateway, receiver } = stand;
    await read("zapier-catch-hook");
    // The server of the page is not there.
    const { body } = await gateway.api("GET", "/destinations?name=Order%20service");
    await gateway.api("PATCH", `/destinations/${body.data[0].id}`, { url: receiver.url });
    await expectDelivered("Order form", 2);
  });

  it("takes over a sender of PagerTree", async () => {
    await read("move-off-pagertree");
    await expectDelivered("Monitoring", 2);
  });

  it("brings an alert of Alertmanager to Slack", async () => {
    await read("alertmanager-to-slack");
    await expectDelivered("Prometheus Alertmanager", 1);
  });

  it("brings an issue of GitHub to Discord", async () => {
    const { page } = viewer;
    let secret = "";
    let number = 6;
    const sendSigned = async () => {
      if (secret === "") secret = (await page.getByText(/^sec_/u).first().textContent()) ?? "";
      number += 1;
      const issue = JSON.stringify({ action: "opened", issue: { number }, repository: { full_name: "acme/till" } });
      await post("GitHub", issue, {
        "x-github-event": "issues",
        "x-hub-signature-256": `sha256=${hmac(secret, issue)}`,
      });
    };
    await read("github-to-discord", { sendSigned });
    await expectDelivered("GitHub", 1);
  });

  it("shows an event of Stripe", async () => {
    const sendSigned = async () => {
      const seconds = Math.floor(Date.now() / 1_000);
      const signature = `t=${seconds},v1=${hmac(STRIPE_SECRET, `${seconds}.${STRIPE_EVENT}`)}`;
      await post("Stripe", STRIPE_EVENT, { "stripe-signature": signature });
    };
    await read("stripe-to-localhost", { sendSigned, fields: { "Signing secret": STRIPE_SECRET } });
    await viewer.page.getByText("invoice.paid").first().waitFor();
  });

  it("brings a form to a mail service", async () => {
    const { receiver } = stand;
    await read("form-to-email", { fields: { Token: "re_1" } });
    await expectDelivered("Contact form", 1);
    const mail = receiver.arrivals.find(({ headers }) => headers.authorization === "Bearer re_1");
    expect(JSON.parse(mail?.body ?? "{}")).toMatchObject({ subject: "Message from Ann" });
  });

  it("writes a document of an alert of Retrace", async () => {
    await read("retrace-to-documents");
    await expectDelivered("Retrace", 1);
  });
});

import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

const CORPUS = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(2)>`,
  "<svg/onload=alert(3)>",
  "javascript:alert(4)",
  `'-alert(5)-'`,
  "<iframe srcdoc='<script>alert(6)</script>'>",
  "<style>*{display:none}</style>",
  "</title><script>alert(7)</script>",
  "{{constructor.constructor('alert(8)')()}}",
  "\u202Etxt.exe",
  "<a href=javascript:alert(9)>x</a>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(10)>",
];

let stand: Stand;
let ids: readonly string[];

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  const posted: string[] = [];
  for (const text of CORPUS) {
    const fields = { Id: text, Title: text, Description: text, Urgency: "high", [text]: { [text]: [text] } };
    const { body } = await gateway.post(integration, token, { event_type: "create", ...fields });
    posted.push(body.id);
  }
  ids = posted;
  const text = CORPUS.join(" ");
  const bad = await gateway.create("destinations", {
    name: text.slice(0, 90),
    type: "webhook",
    url: stand.receiver.url,
  });
  await gateway.create("integrations", { name: text.slice(0, 90), type: "catch" });
  await gateway.create("routes", { name: text.slice(0, 90), destination_ids: [bad.id] });
});

inBrowser("a stranger", () => {
  it("text of a stranger stays text on every page", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, "/events");
    const names = await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allTextContents();
    for (const name of names) {
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
    }
    for (const [index, id] of ids.entries()) {
      await page.goto(`/events/${id}`);
      await page.getByRole("link", { name: "Headers" }).click();
      await page.getByText("user-agent").waitFor();
      await page.getByRole("link", { name: "Raw" }).click();
      const payload = await page.getByRole("region", { name: "Payload" }).textContent();
      expect(payload).toContain(JSON.stringify(CORPUS[index]));
    }
    expect(await page.locator("iframe, math, body script:not([src]), a[href^='javascript:' i]").count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
  });
});

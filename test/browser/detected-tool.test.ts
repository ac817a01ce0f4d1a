import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

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

inBrowser("a catch integration that receives the webhooks of a known tool", () => {
  it("offers the rule set of the tool, asks what it changes, and changes to it", async () => {
    const { gateway } = stand;
    const { id, url } = await gateway.create("integrations", { name: "Caught", type: "catch" });
    const { id: other, url: otherUrl } = await gateway.create("integrations", { name: "Orders", type: "catch" });
    const alert = {
      status: "firing",
      labels: { alertname: "Disk full", instance: "db-7", severity: "critical" },
      annotations: { summary: "The disk of db-7 is full" },
      startsAt: "2026-11-20T10:00:00.000Z",
      generatorURL: "http://prometheus.example/graph",
      fingerprint: "a1b2c3d4e5f60718",
    };
    const body = {
      receiver: "ops",
      status: "firing",
      externalURL: "http://am.example:9093",
      version: "4",
      alerts: [alert],
    };
    expect(await post(url, {}, body)).toBe(200);
    expect(await post(otherUrl, {}, { order: 7, items: [1, 2] })).toBe(200);
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await signIn(viewer, `/integrations/${id}`);
    await page.getByText("This looks like Prometheus Alertmanager.").waitFor();
    await page.getByRole("button", { name: "Use the rule set Prometheus Alertmanager" }).click();
    const question = page.getByRole("alertdialog");
    await question.getByText(/opens and resolves alerts/u).waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    await page.locator(".tag").getByText("catch", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Use the rule set Prometheus Alertmanager" }).click();
    await question.getByRole("button", { name: "Use the rule set" }).click();
    await page.locator(".tag").getByText("alertmanager", { exact: true }).waitFor();
    await page.getByText("Caught now reads Prometheus Alertmanager").waitFor();
    await page.getByText("This looks like Prometheus Alertmanager.").waitFor({ state: "detached" });
    expect(await post(url, {}, body)).toBe(200);
    await page
      .getByRole("region", { name: "Inspector" })
      .getByRole("link", { name: /The disk of db-7 is full/u })
      .waitFor();
    const reader = await openViewer(stand, { scopes: ["read"] });
    await signIn(reader, `/integrations/${other}`);
    await reader.page.getByRole("region", { name: "Inspector" }).waitFor();
    expect(await reader.page.getByText(/This looks like/u).count()).toBe(0);
    expect([...viewer.complaints, ...reader.complaints]).toEqual([]);
  });
});

import type { WebSocketRoute } from "playwright-core";
import { beforeAll, expect, it, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { LISTEN_CHANGED } from "../../src/model/connection.ts";
import { type Stand, countRequests, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;

async function post(title: string): Promise<string> {
  const fields = { event_type: "create", Id: title, Title: title };
  return (await stand.gateway.post(stand.integration, stand.token, fields)).body.id;
}

const SAFETY_POLL_MS = 30_000;

beforeAll(async () => {
  stand = await startStand();
  await post("First");
});

inBrowser("a list", () => {
  it("shows an event at once, without waiting for the poll, and closes the connection in a hidden tab", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const sockets: { closed: boolean }[] = [];
    page.on("websocket", (socket) => {
      const seen = { closed: false };
      if (socket.url().endsWith("/api/v1/live")) sockets.push(seen);
      socket.on("close", () => (seen.closed = true));
    });
    await page.clock.install();
    await signIn(viewer, "/events");
    await page.getByTitle("Changes appear at once").waitFor();
    const rows = page.locator(".row");
    await rows.first().waitFor();
    // Rows do not move under the pointer, which is where the button to sign in was.
    await page.getByRole("heading", { level: 1 }).hover();
    // From now on the time of the page almost stands still, so that no poll comes.
    await page.clock.pauseAt(Date.now() + 5_000);
    const before = await rows.count();
    let posted = 0;
    let passedMs = 0;
    await vi.waitFor(async () => {
      // The consumer may not know yet that somebody looks.
      await post(`Event ${posted++}`);
      await page.clock.runFor(50);
      passedMs += 50;
      expect(await rows.count()).toBeGreaterThan(before);
    }, WITHIN);
    expect(passedMs).toBeLessThan(SAFETY_POLL_MS / 2);
    expect(sockets.map(({ closed }) => closed)).toEqual([false]);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await vi.waitFor(() => expect(sockets.map(({ closed }) => closed)).toEqual([true]), WITHIN);
    expect(viewer.complaints).toEqual([]);
  });

  it("reads nothing in a hidden tab, also if something has changed just before", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket("**/api/v1/live", (socket) => void sockets.push(socket));
    await page.clock.install();
    const requests = countRequests(page);
    await signIn(viewer, "/alerts");
    await page.getByTitle("Changes appear at once").waitFor();
    // The time of the page stands still, so that it has not read the second change when it is hidden.
    await page.clock.pauseAt(Date.now() + 5_000);
    const before = await requests.settled();
    sockets.at(-1)?.send(LISTEN_CHANGED);
    await vi.waitFor(async () => {
      await page.clock.runFor(50);
      expect(requests.count()).toBeGreaterThan(before);
    }, WITHIN);
    sockets.at(-1)?.send(LISTEN_CHANGED);
    await page.clock.runFor(50);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    const hidden = await requests.settled();
    await page.clock.runFor(60_000);
    expect(await requests.settled()).toBe(hidden);
    expect(viewer.complaints).toEqual([]);
  });

  it("polls if the gateway does not notify", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await page.routeWebSocket("**/api/v1/live", (socket) => socket.close({ code: 4001 }));
    await signIn(viewer, "/events");
    await page.getByTitle("Looks for changes every three seconds").waitFor();
    await page.getByRole("heading", { level: 1 }).hover();
    const id = await post("Polled");
    await page.locator(`.row[href="/events/${id}"]`).waitFor();
    expect(viewer.complaints).toEqual([]);
  });
});

import { beforeAll, expect, it, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

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

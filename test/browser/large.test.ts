import { beforeAll, expect, it } from "vitest";
import { PATHS } from "./pages.ts";
import { type Stand, type Viewer, countRequests, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

// A list that is long, a tab that nobody sees, and what moves while a page loads.

const COUNT = 100_000;
const PER_PAGE = 1_000;
const BYTES_OF_PAYLOAD = 500;
const MAX_ROWS_IN_DOCUMENT = 70;
/** The rows take about 45 MB. Their payloads would take 50 MB more. */
const MAX_HEAP_MB = 70;
/** Google calls a shift of up to 0.1 good. */
const MAX_SHIFT = 0.02;

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  const { gateway, integration, token } = stand;
  for (const name of ["Disk", "Database", "Checkout"]) {
    await gateway.post(integration, token, { event_type: "create", Id: name, Title: `${name} is full` });
  }
});

/** The page of a list of events that begins at an index. */
function pageFrom(start: number): object {
  const data = Array.from({ length: Math.min(PER_PAGE, COUNT - start) }, (_, offset) => {
    const index = start + offset;
    const at = new Date(Date.UTC(2026, 10, 1) - index * 60_000).toISOString();
    return {
      id: `evt_${index}`,
      integration_id: stand.integration.id,
      type: "alert.created",
      outcome: "created",
      alert_id: `alr_${index}`,
      title: `Event number ${index}`,
      received_at: at,
      payload: { text: `${index} `.repeat(BYTES_OF_PAYLOAD).slice(0, BYTES_OF_PAYLOAD) },
      summary: null,
      delivery_counts: { pending: 0, delivered: 1, dead: 0, cancelled: 0, outstanding: 0 },
      headers: { "user-agent": "a sender" },
      unrouted: false,
      note: null,
      created_at: at,
      updated_at: at,
    };
  });
  return { data, next_cursor: start + PER_PAGE < COUNT ? String(start + PER_PAGE) : null };
}

async function heapMb({ page, context }: Viewer): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1_048_576;
}

inBrowser("a list of 100,000 events", () => {
  it("is scrolled to its end with few rows in the document and no content in the memory", async () => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await page.route("**/api/v1/events?**", (route) => {
      const cursor = new URL(route.request().url()).searchParams.get("cursor");
      return route.fulfill({ json: pageFrom(Number(cursor ?? "0")) });
    });
    await signIn(viewer, "/events?live=off");
    await page.locator(".row").first().waitFor();
    const before = await heapMb(viewer);
    // The script scrolls as fast as pages come, and notes the most rows that the document ever had.
    const most = await page.evaluate(async () => {
      const scroller = document.querySelector(".list-scroller");
      let rows = 0;
      const isAtEnd = ({ textContent, scrollTop, clientHeight, scrollHeight }: Element): boolean =>
        /oldest entry/.test(textContent) && scrollTop + clientHeight >= scrollHeight - 2;
      while (scroller !== null && !isAtEnd(scroller)) {
        scroller.scrollTop = scroller.scrollHeight;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        rows = Math.max(rows, document.querySelectorAll(".row").length);
      }
      return rows;
    });
    expect(most).toBeLessThan(MAX_ROWS_IN_DOCUMENT);
    await page.getByText("Event number 99999").waitFor();
    expect((await heapMb(viewer)) - before).toBeLessThan(MAX_HEAP_MB);
    // It is still quick to use: the first row is selected with a key.
    await page.keyboard.press("j");
    await page.waitForURL("**/events/evt_0?live=off");
    expect(viewer.complaints.filter((complaint) => !/status of 404/.test(complaint))).toEqual([]);
  });
});

inBrowser("a hidden tab", () => {
  const paths = ["/", "/events", "/deliveries", "/alerts", "/integrations", "/destinations", "/settings"];

  it.each(paths)("asks for nothing on %s, and reads again when it is seen", async (path) => {
    const viewer = await openViewer(stand);
    const { page } = viewer;
    await page.clock.install();
    await page.addInitScript(() => {
      let state = "visible";
      Object.defineProperty(document, "visibilityState", { get: () => state });
      Object.defineProperty(window, "setVisibility", {
        value: (next: string) => {
          state = next;
          document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        },
      });
    });
    const requests = countRequests(page);
    await signIn(viewer, path);
    await page.waitForFunction(() => document.querySelector(".loading") === null);
    await page.evaluate("setVisibility('hidden')");
    const before = await requests.settled();
    await page.clock.runFor(300_000);
    expect(await requests.settled()).toBe(before);
    await page.evaluate("setVisibility('visible')");
    if (path === "/settings") return;
    const again = page.waitForRequest("**/api/v1/**");
    await page.clock.runFor(60_000);
    await again;
  });
});

inBrowser.each([1_440, 390])("a page of %i pixels", (width) => {
  it("does not move what it shows while it loads", async () => {
    const viewer = await openViewer(stand, { width });
    const { page } = viewer;
    await page.addInitScript(() => {
      const shifts: object[] = [];
      Object.defineProperty(window, "shifts", { value: shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          if (!("value" in entry && "sources" in entry && Array.isArray(entry.sources))) continue;
          const what = entry.sources.map(({ node }) =>
            node instanceof Element ? node.outerHTML.slice(0, 80) : "text",
          );
          shifts.push({ value: entry.value, what });
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await signIn(viewer);
    const shifted: unknown[] = [];
    for (const path of PATHS) {
      await page.goto(path);
      await page.locator("h1").waitFor();
      await page.waitForFunction(() => document.querySelector(".loading") === null);
      await page.waitForLoadState("networkidle");
      const shifts: readonly { readonly value: number }[] = await page.evaluate("shifts");
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      if (sum > MAX_SHIFT) shifted.push({ path, sum, shifts });
    }
    expect(shifted).toEqual([]);
  });
});

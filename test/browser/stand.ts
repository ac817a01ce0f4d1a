import { Gateway } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { type Browser, type BrowserContext, type Locator, type Page, type Request, chromium } from "playwright-core";
import { afterAll, describe, expect, onTestFinished, vi } from "vitest";
import { WITHIN } from "../npm-start/stand.ts";
import { CHROMIUM, IS_ABSENT } from "./chromium.ts";

// A gateway with its dashboard, and a browser. Tests wait for what they expect to see, never for a time.

/** `describe` of tests that are skipped without a browser. A file without other tests then starts no stand. */
export const inBrowser = describe.skipIf(IS_ABSENT);

/** No test is about speed, and a busy machine is slow. */
const TIMEOUT_MS = 120_000;

export type EmptyStand = {
  readonly gateway: Gateway;
  readonly receiver: Receiver;
  readonly browser: Browser;
};
export type Stand = EmptyStand & {
  readonly integration: { readonly id: string; readonly url: string; readonly auth: object };
  readonly token: string;
};

const ends: (() => unknown)[] = [];

// A hook that is added while the hooks of a file run is never called: the gateway would outlive the file.
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Calls back when all tests of the file have ended. */
export function atEndOfFile(end: () => unknown): void {
  ends.push(end);
}

/** Starts a gateway without any configuration, a receiver and a browser. They end with the file's tests. */
export async function startEmptyStand(): Promise<EmptyStand> {
  const gateway = new Gateway({ throughNpm: false });
  const receiver = new Receiver();
  atEndOfFile(() => gateway.dispose());
  atEndOfFile(() => receiver.stop());
  await Promise.all([gateway.start(), receiver.start()]);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  atEndOfFile(() => browser.close());
  return { gateway, receiver, browser };
}

/** Starts a stand with an integration that is routed to the receiver. */
export async function startStand(): Promise<Stand> {
  const stand = await startEmptyStand();
  const { gateway, receiver } = stand;
  const { integration, destination, token } = await gateway.connect(receiver.url);
  receiver.secret = destination.signing_secret;
  return { ...stand, integration, token };
}

type OpenOptions = {
  readonly scopes?: readonly ("read" | "write" | "admin")[];
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
};

/** A page of a viewer of one's own, and what went wrong in it. */
export type Viewer = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the viewer signs in with. */
  readonly token: string;
  readonly complaints: readonly string[];
};

/** The browser reports the first look for a session as an error of the network. */
const EXPECTED = /status of 401/;

/** Opens a new browser profile for a test. `complaints` collects errors of the console, violations of the CSP, exceptions and dialogs. */
export async function openViewer(stand: EmptyStand, options: OpenOptions = {}): Promise<Viewer> {
  const { scopes, width = 1_440, colorScheme = "light" } = options;
  const context = await stand.browser.newContext({
    baseURL: stand.gateway.url,
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
  });
  onTestFinished(() => context.close()); // pages that are left open read on
  context.setDefaultTimeout(TIMEOUT_MS);
  const { gateway } = stand;
  const token =
    scopes === undefined ? gateway.adminToken : (await gateway.create("tokens", { name: "Viewer", scopes })).token;
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !EXPECTED.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`A dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, token, complaints };
}

/** Opens an address and signs in there. */
export async function signIn({ page, token }: Viewer, address = "/"): Promise<void> {
  await page.goto(address);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("#main").waitFor();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** The requests of a page to the API from now on. */
export type ApiRequests = {
  readonly count: () => number;
  /** Resolves once none is in flight, and returns how many there were. */
  readonly settled: () => Promise<number>;
};

/** Counts the requests of a page to the API. */
export function countRequests(page: Page): ApiRequests {
  let count = 0;
  const inFlight = new Set<Request>();
  page.on("request", (request) => {
    if (!request.url().includes("/api/v1/")) return;
    count += 1;
    inFlight.add(request);
  });
  page.on("requestfinished", (request) => inFlight.delete(request));
  page.on("requestfailed", (request) => inFlight.delete(request));
  const settled = async (): Promise<number> => {
    await vi.waitFor(async () => {
      const before = count;
      // A response may lead to the next request.
      for (let turn = 0; turn < 10; turn++) await page.evaluate("0");
      expect({ new: count - before, inFlight: inFlight.size }).toEqual({ new: 0, inFlight: 0 });
    }, WITHIN);
    return count;
  };
  return { count: () => count, settled };
}

/**
 * Replaces the text of a code editor by pasting. `fill` has the browser itself edit the lines, which now and then copies
 * their styles as attributes; the Content-Security-Policy blocks those, with a complaint.
 */
export async function replaceText(editor: Locator, text: string): Promise<void> {
  await editor.press("ControlOrMeta+a");
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

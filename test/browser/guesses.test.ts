import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, startStand } from "./stand.ts";

// The gateway has this file to itself: after the guesses it refuses every sign-in for a minute.

const ALLOWED = 10;

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});

inBrowser("guessing", () => {
  it("the login says when to try again after ten wrong tokens within a minute", async () => {
    const { page } = await openViewer(stand);
    await page.goto("/login");
    // All at the same time, so that they are within a minute on a busy machine.
    const statuses = await page.evaluate(async (count) => {
      const guess = async (token: string): Promise<number> => {
        const headers = { "content-type": "application/json" };
        const response = await fetch("/api/v1/sessions", { method: "POST", headers, body: JSON.stringify({ token }) });
        return response.status;
      };
      return await Promise.all(Array.from({ length: count }, (_, index) => guess(`wrong-${index}`)));
    }, ALLOWED);
    expect(statuses).toEqual(Array.from({ length: ALLOWED }, () => 401));
    await page.getByLabel("Token").fill(stand.gateway.adminToken);
    await page.getByRole("button", { name: "Sign in" }).click();
    const message = await page.getByText(/Try again in \d+ seconds/).textContent();
    const seconds = Number(/in (\d+) seconds/.exec(message ?? "")?.[1]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});

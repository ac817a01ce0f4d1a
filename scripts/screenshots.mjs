import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Stage } from "./drive/stage.mjs";
import { work } from "./screenshots/work.mjs";

// Takes the pictures of the dashboard for the documentation: starts a gateway, fills it with work, and opens its pages in Debian's
// chromium, or in the browser that CHROMIUM names. Run it after a change of the dashboard, and look at the pictures.

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));
const MAX_BYTES = 150 * 1_024;
const QUALITY = 85;
const SCHEMES = /** @type {const} */ (["light", "dark"]);

/** @param {import("./screenshots/work.mjs").Shown} shown */
const pictures = ({ event, integration }) => [
  { name: "overview", path: "/", shows: "Map of health" },
  { name: "event", path: `/events/${event}`, shows: "What became of it" },
  { name: "deliveries", path: "/deliveries", shows: "Data warehouse" },
  { name: "integration", path: `/integrations/${integration}`, shows: "Wrong token" },
];

/** A picture as WebP, which has half the size of PNG. @param {import("playwright-core").Page} page */
async function takePicture(page) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
  return Buffer.from(data, "base64");
}

const stage = new Stage({ throughNpm: false, env: { RETRY_SCHEDULE: "1,600,3600" } });
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void stage.strike().finally(() => process.exit(130)));
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
console.log("Starting a gateway, filling it with work, and taking eight pictures. This takes about a minute.");
try {
  await stage.gateway.start();
  const shown = await work(stage);
  for (const colorScheme of SCHEMES) {
    const page = await browser.newPage({
      baseURL: stage.gateway.url,
      viewport: { width: 1_440, height: 900 },
      colorScheme,
      reducedMotion: "reduce",
      timezoneId: "UTC",
    });
    await page.goto("/login");
    await page.getByLabel("Token").fill(stage.gateway.adminToken);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("#main h1").waitFor();
    for (const { name, path, shows } of pictures(shown)) {
      await page.goto(path);
      await page.getByText(shows).first().waitFor();
      await page.waitForLoadState("networkidle");
      const file = `dashboard-${name}-${colorScheme}.webp`;
      const bytes = await takePicture(page);
      if (bytes.length > MAX_BYTES) throw new Error(`${file} has ${bytes.length} bytes: more than ${MAX_BYTES}.`);
      writeFileSync(join(FOLDER, file), bytes);
      console.log(`Wrote docs/images/${file} (${Math.round(bytes.length / 1_024)} KB)`);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await stage.strike();
}
console.log("Next: look at the pictures in docs/images, and commit those that show a change.");

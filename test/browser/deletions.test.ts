import { beforeAll, expect, it } from "vitest";
import { type Stand, inBrowser, openViewer, signIn, startStand } from "./stand.ts";

let stand: Stand;
let destinationId: string;

beforeAll(async () => {
  stand = await startStand();
  destinationId = (await stand.gateway.api("GET", "/destinations")).body.data[0].id;
});

const CODE = "export default (event) => event;\n";
const BODIES = {
  integrations: () => ({ name: "Gone", type: "catch" }),
  destinations: () => ({ name: "Gone", type: "webhook", url: stand.receiver.url }),
  routes: () => ({ name: "Gone", destination_ids: [destinationId] }),
  transformations: () => ({ name: "Gone", code: CODE }),
} as const;

inBrowser("the page of what is deleted", () => {
  // It reads what it shows again from time to time, and would get a 404 after the deletion.
  it.each(["integrations", "destinations", "routes", "transformations"] as const)("is left first: %s", async (list) => {
    const { id } = await stand.gateway.create(list, BODIES[list]());
    const viewer = await openViewer(stand);
    const { page } = viewer;
    const pathsAtDeletion: string[] = [];
    await page.route(`**/api/v1/${list}/${id}*`, async (route) => {
      if (route.request().method() === "DELETE")
        pathsAtDeletion.push(await page.evaluate(() => globalThis.location.pathname));
      await route.continue();
    });
    await signIn(viewer, `/${list}/${id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText(/(?:was|is) deleted$/u).waitFor();
    expect(pathsAtDeletion).toEqual([`/${list}`]);
    await page.getByRole("link", { name: "Gone", exact: true }).waitFor({ state: "detached" });
    expect((await stand.gateway.api("GET", `/${list}/${id}`)).status).toBe(404);
    expect(viewer.complaints).toEqual([]);
  });
});

import { execFileSync } from "node:child_process";
import type { Locator, Page } from "playwright-core";
import { vi } from "vitest";
import { blocksOf, textOf } from "../docs/pages.ts";
import { replaceText } from "./stand.ts";

// Follows the section "By the dashboard" of a page of docs/start-here: clicks what the page sets in bold, and enters what it
// sets between backticks. A label that the dashboard does not have fails the test.

/** What a reader has of their own. */
export type Own = {
  /** The address of a receiver, for each place where the page asks for one. */
  readonly receiver: string;
  /** What a field gets whose value the page only describes, by its label. */
  readonly fields: Readonly<Record<string, string>>;
  /** Sends the sample that the page has the reader sign in a terminal. */
  readonly sendSigned: () => Promise<void>;
};

const LABELS = { "content type": "Content type", field: "Field", key: "Key", name: "Name", URL: "URL", value: "Value" };

const STEP = [
  /\b[Pp]ress \*\*(?<press>[^*]+)\*\*/,
  /\*\*(?:Deliveries|Events)\*\* shows?(?<shows>)/,
  /\*\*(?<click>[^*]+)\*\*/,
  /\bthe (?<label>content type|field|key|name|URL|value) `(?<value>[^`]+)`/,
  /\bthe (?:integration|destinations?) (?<choices>`[^`]+`(?:\s+and\s+`[^`]+`)?)/,
  /(?<own>as the URL, the address|the URL of the mail service)/,
  /(?<described>the API key|Stripe's signing secret)/,
  /(?<template>the template of the section above)/,
  /(?<signed>[Ss]end the (?:signed )?sample)/,
  /(?<again>[Ss]end (?:a|the) message)/,
  /(?<event>open the event)/,
  /`(?<field>data\.[^`]+)`/,
  /, `(?<link>[^`]+)`/,
];
const TOKENS = new RegExp(STEP.map(({ source }) => source).join("|"), "g");

function sectionOf(text: string, heading: string): string {
  const [, rest = ""] = text.split(`\n## ${heading}\n`);
  return rest.split("\n## ")[0] ?? "";
}

/** The body of the template in the destination that the page creates by the command line. */
function templateOf(text: string): string {
  const [script = ""] = blocksOf(text).flatMap(
    (block) => /^ {2}body: \|\n((?: {4}.*\n|\n)+)/m.exec(block.text)?.[1] ?? [],
  );
  return script.replaceAll(/^ {4}/gm, "").trimEnd();
}

/** Everything that a label can belong to. A link of a gallery has a title and a description. */
function named(page: Page, name: string): Locator {
  const titled = page.getByRole("link").filter({ has: page.getByText(name, { exact: true }) });
  const roles = ["link", "button", "tab", "radio", "combobox"] as const;
  return roles
    .reduce((all, role) => all.or(page.getByRole(role, { name, exact: true })), titled)
    .filter({ visible: true })
    .first();
}

/** Clicks what has a label. After the label of a list, the next one is an option of it. */
async function click(page: Page, name: string): Promise<void> {
  const options = page.getByRole("listbox").filter({ visible: true });
  if ((await options.count()) > 0) {
    await options.getByRole("option", { name, exact: true }).click();
    await options.waitFor({ state: "hidden" });
    return;
  }
  const target = named(page, name);
  const role = await target.getAttribute("role");
  await target.click();
  if (role === "combobox") await options.waitFor();
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  // A reader goes on when the page shows the result.
  if (name === "Save") await page.getByText("was saved").first().waitFor();
  else await vi.waitFor(() => expectCreated(page), { timeout: 60_000, interval: 50 });
}

/** The form leads to the page of what was created, or shows its secret first. */
async function expectCreated(page: Page): Promise<void> {
  const isForm = new URL(page.url()).pathname.endsWith("/new");
  if (isForm && (await page.getByText(/ is created$/u).count()) === 0)
    throw new Error(`${page.url()} created nothing.`);
}

async function runCommand(page: Page): Promise<void> {
  const command = await page.getByRole("region", { name: "Try it" }).locator("pre").innerText();
  execFileSync("sh", ["-c", command]);
}

export async function follow(page: Page, name: string, own: Own): Promise<void> {
  const text = textOf(`docs/start-here/${name}.md`);
  const section = sectionOf(text, "By the dashboard");
  const [form = ""] = blocksOf(section).map((block) => block.text);
  let url = "";
  const prose = section.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").replaceAll(/\s+/g, " ");
  for (const { groups = {} } of prose.matchAll(TOKENS)) {
    const { press: pressed, click: clicked, label, value = "", choices, described, field, link } = groups;
    if (pressed === "Copy URL")
      url =
        (await page
          .getByText(/\/integration\/int_\w+$/u)
          .first()
          .textContent()) ?? "";
    if (pressed !== undefined && pressed !== "Copy URL" && pressed !== "Add condition") await press(page, pressed);
    else if (pressed !== undefined) await click(page, pressed);
    else if (groups["shows"] !== undefined) continue;
    else if (clicked === "Try it") await runCommand(page);
    else if (clicked !== undefined) await click(page, clicked);
    else if (label !== undefined) await fill(page, label, value);
    else if (choices !== undefined) {
      for (const [, choice = ""] of choices.matchAll(/`([^`]+)`/g))
        await page.getByRole("checkbox", { name: choice, exact: true }).check();
    } else if (groups["own"] !== undefined) await page.getByLabel("URL", { exact: true }).fill(own.receiver);
    else if (described !== undefined) {
      const [of, secret] = Object.entries(own.fields)[0] ?? ["", ""];
      await page.getByLabel(of, { exact: true }).fill(secret);
    } else if (groups["template"] !== undefined)
      await replaceText(page.getByRole("textbox", { name: "Template", exact: true }), templateOf(text));
    else if (groups["signed"] !== undefined) await own.sendSigned();
    else if (groups["again"] !== undefined)
      execFileSync("sh", ["-c", form.replace(/^FORM_URL=.*$/m, `FORM_URL=${url}`)]);
    else if (groups["event"] !== undefined) await page.locator("#main a[href*='/events/evt_']").first().click();
    else if (field !== undefined) await page.getByRole("button", { name: `Add a condition on ${field}` }).click();
    else if (link !== undefined) await page.getByRole("link", { name: link, exact: true }).click();
  }
}

async function fill(page: Page, label: string, value: string): Promise<void> {
  for (const [words, name] of Object.entries(LABELS)) {
    if (words === label) await page.getByLabel(name, { exact: true }).fill(value);
  }
}

import axe from "axe-core";
import type { Page } from "playwright-core";

type Finding = { readonly id: string; readonly nodes: readonly { readonly target: readonly unknown[] }[] };

/** Returns what axe finds on a page, each with its rule and its places. */
export async function violationsOn(page: Page): Promise<readonly string[]> {
  // The script of a test is not the page's: the debugger's evaluation is not subject to its CSP.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found: readonly Finding[] = await page.evaluate("axe.run().then(({violations}) => violations)");
  return found.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join("; ")}`);
}

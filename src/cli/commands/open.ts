import { spawn } from "node:child_process";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { addExamples } from "../flags.ts";
import { openSession } from "../session.ts";

type OpenFlags = { readonly print?: true };

const PAGES = new Map([
  ["evt", "events"],
  ["dlv", "deliveries"],
  ["alr", "alerts"],
  ["int", "integrations"],
  ["dst", "destinations"],
  ["rte", "routes"],
  ["trf", "transformations"],
]);

function pathOf(id: string | undefined): string {
  if (id === undefined) return "/";
  const page = PAGES.get(id.slice(0, id.indexOf("_")));
  if (page === undefined) {
    throw new UsageError(
      `"${id}" is not an id of something that the dashboard shows.`,
      `Ids begin with ${[...PAGES.keys()].join("_, ")}_.`,
    );
  }
  return `/${page}/${encodeURIComponent(id)}`;
}

function openerOf(): readonly [string, ...string[]] {
  const { BROWSER: browser } = process.env;
  if (browser !== undefined && browser !== "") return [browser];
  if (process.platform === "darwin") return ["open"];
  return process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
}

/** Starts the browser. A machine without one only gets the address that was printed. */
export function openInBrowser(url: string): void {
  const [command, ...args] = openerOf();
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", () => process.stderr.write("No browser could be started.\n"));
  child.unref();
}

/** Adds `open`. */
export function addOpen(program: Command): void {
  const command = program
    .command("open [id]")
    .summary("open the dashboard, or the page of the event, alert or other thing with this id")
    .option("--print", "only print the address")
    .action((id: string | undefined, { print }: OpenFlags, own: Command) => {
      const path = pathOf(id);
      const { connection, out } = openSession(own);
      const url = connection.url + path;
      if (out.isJson) out.json({ url });
      else out.lines([url]);
      if (print !== true && process.stdout.isTTY) openInBrowser(url);
    });
  addExamples(command, "hookgate open", "hookgate open evt_…", "hookgate open --print");
}

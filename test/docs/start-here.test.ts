import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../scripts/drive/gateway.mjs";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { environment } from "../cli/run.ts";
import { WITHIN } from "../npm-start/stand.ts";
import { PAGES, ROOT, blocksOf, textOf } from "./pages.ts";
import { Terminal } from "./terminal.ts";

// Each page of docs/start-here, followed as a reader would follow it, one after the other on one gateway.

const folder = mkdtempSync(join(tmpdir(), "hookgate-reader-"));
const stage = new Stage();
const { gateway } = stage;

beforeAll(async () => {
  // `npx hookgate` in a checkout runs this script. npx itself would look for the package first.
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(ROOT, "scripts/hookgate.mjs")}" "$@"\n`;
  writeFileSync(join(folder, "npx"), npx);
  chmodSync(join(folder, "npx"), 0o755);
  await gateway.start();
}, 120_000);
afterAll(async () => {
  await stage.strike();
  rmSync(folder, { recursive: true, force: true });
});

/** The section of a page with this heading. */
function sectionOf(page: string, heading: string): string {
  const [, rest = ""] = page.split(`\n## ${heading}\n`);
  return rest.split("\n## ")[0] ?? "";
}

type Step = { readonly isInAnotherTerminal: boolean; readonly script: string };

function stepsOf(section: string): Step[] {
  const lines = section.split("\n");
  return blocksOf(section)
    .filter(({ language, text }) => language === "sh" && !text.startsWith("npm "))
    .map(({ line, text }) => {
      const paragraph =
        lines
          .slice(0, line - 1)
          .join("\n")
          .trimEnd()
          .split("\n\n")
          .at(-1) ?? "";
      return { isInAnotherTerminal: /\bIn (?:a second|another) terminal\b/.test(paragraph), script: text };
    });
}

/** What a reader puts in the place of `…`: something from the output so far, or something of their own. */
type Values = Readonly<Record<string, string | RegExp>>;

function fillIn(script: string, values: Values, output: string): string {
  return script.replaceAll(/^((?:export )?(\w+))=….*$/gm, (_, assignment: string, name: string) => {
    const value = values[name] ?? "";
    const found = typeof value === "string" ? value : output.match(value)?.[1];
    if (found === undefined || found === "") throw new Error(`There is nothing for ${name} in:\n${output}`);
    return `${assignment}=${found}`;
  });
}

describe("the page", () => {
  let receiver: Receiver;
  let port = 0;

  beforeEach(async () => {
    receiver = new Receiver();
    await receiver.start();
    port = await freePort();
  });
  afterEach(() => receiver.stop());

  /** Follows a section of a page. Resolves with all that its terminals showed, once so many deliveries have arrived. */
  async function followSection(section: string, values: Values, deliveries: number): Promise<string> {
    const variables = {
      HOOKGATE_URL: gateway.url,
      HOOKGATE_TOKEN: gateway.adminToken,
      XDG_CONFIG_HOME: "/nonexistent",
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
    };
    const open = () => {
      const terminal = new Terminal(folder, environment(variables));
      onTestFinished(() => terminal.close());
      return terminal;
    };
    const first = open();
    const others: Terminal[] = [];
    const since = new Date().toISOString();
    for (const { isInAnotherTerminal, script } of stepsOf(section)) {
      const filled = fillIn(script, values, first.output)
        .replaceAll("http://localhost:8787", gateway.url)
        .replaceAll("localhost:9000", `127.0.0.1:${port}`)
        .replaceAll(".listen(9000)", `.listen(${port}, "127.0.0.1", () => console.log("ready"))`);
      if (isInAnotherTerminal) {
        const other = open();
        others.push(other);
        other.start(filled);
        // A reader goes on when the server or the command runs.
        await vi.waitFor(() => expect(other.output).not.toBe(""), WITHIN);
      } else {
        await first.run(filled);
      }
    }
    await vi.waitFor(async () => {
      const { body } = await gateway.api("GET", `/deliveries?from=${since}`);
      expect(body.data.map(({ status }: { status: string }) => status)).toEqual(Array(deliveries).fill("delivered"));
    }, WITHIN);
    return [first, ...others].map(({ output }) => output).join("\n");
  }

  const follow = async (page: string, values: Values, deliveries: number) =>
    await followSection(sectionOf(textOf(`docs/start-here/${page}.md`), "By the command line"), values, deliveries);

  const bodies = () => receiver.arrivals.map(({ body }) => JSON.parse(body));

  test("README.md delivers an alert in ten minutes, after a start as the pages describe it", async () => {
    const values = { HOOKGATE_TOKEN: gateway.adminToken };
    const section = sectionOf(textOf("README.md"), "Ten minutes to a delivered event");
    const output = await followSection(section, values, 1);
    expect(output).toContain('"title":"Disk is full on db-7"');
    const started = sectionOf(textOf("docs/start-here/README.md"), "Start a gateway");
    expect(await followSection(started, values, 0)).toContain("of administrator");
  });

  test("on Zapier delivers an order to a server and to the Zap", async () => {
    const output = await follow("zapier-catch-hook", { ZAP_URL: receiver.url }, 2);
    expect(output).toContain('"order":1042');
    expect(bodies()).toEqual([expect.objectContaining({ order: 1042, customer__city: "Bergen" })]);
  });

  test("on PagerTree opens and resolves an alert in Slack and in PagerTree", async () => {
    const values = {
      SLACK_URL: `${receiver.origin}/slack`,
      PAGERTREE_URL: `${receiver.origin}/pagertree`,
      MONITORING_TOKEN: /^ +token +(tok_\S+)/m,
    };
    const output = await follow("move-off-pagertree", values, 4);
    expect(output).toMatch(/resolved.*Disk is full on db-7/);
    const at = (path: string) =>
      receiver.arrivals.filter(({ url }) => url.endsWith(path)).map(({ body }) => JSON.parse(body));
    expect(at("/slack").map(({ text }) => text)).toEqual([
      expect.stringContaining("Disk is full on db-7"),
      expect.stringContaining("Disk is full on db-7"),
    ]);
    expect(at("/pagertree").map(({ event_type }) => event_type)).toEqual(["create", "resolve"]);
  });

  test("on Alertmanager posts a test and an alert to Slack", async () => {
    const values = { SLACK_URL: receiver.url, ALERTMANAGER_TOKEN: /^ +token +(tok_\S+)/m };
    const output = await follow("alertmanager-to-slack", values, 1);
    expect(output).toMatch(/critical/);
    expect(bodies()).toHaveLength(2);
    expect(bodies()[1].text).toContain("Disk of web-3 fills within four hours");
  });

  test("on GitHub posts an issue to Discord", async () => {
    await follow("github-to-discord", { DISCORD_URL: receiver.url, GITHUB_SECRET: /^ +secret +(sec_\S+)/m }, 1);
    const [message] = bodies();
    expect(message).toEqual({
      content: "**acme/till**: ann opened issue #7, The till does not open\nhttps://github.com/acme/till/issues/7",
      allowed_mentions: { parse: [] },
    });
  });

  test("on Stripe brings an event to a local server", async () => {
    const secret = `whsec_${Buffer.from("a secret of Stripe").toString("base64url")}`;
    const output = await follow("stripe-to-localhost", { STRIPE_SECRET: secret }, 1);
    expect(output).toContain('"amount_paid":4200');
  });

  test("on a form sends a mail", async () => {
    await follow("form-to-email", { MAIL_URL: receiver.url, MAIL_API_KEY: "re_1" }, 1);
    expect(receiver.arrivals[0]?.headers.authorization).toBe("Bearer re_1");
    expect(bodies()).toEqual([
      {
        from: "Contact form <form@example.com>",
        to: ["me@example.com"],
        subject: "Message from Ann",
        text: "Are you open on Sunday?\n\nFrom: Ann, ann@example.com",
      },
    ]);
  });

  test("on Retrace writes a document that can be fetched", async () => {
    const output = await follow("retrace-to-documents", { DOCUMENT_URL: /"url": ?"([^"]+\/documents\/[^"]+)"/ }, 1);
    expect(output).toContain("Critical (Open): Checkout page on web-3\nMonitor 88017 of Storefront, Production\n");
  });
});

describe("the dashboard", () => {
  const sources = ["src/dashboard", "src/delivery/presets", "src/sources/rules/sets"].flatMap((path) =>
    readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(ROOT, path, name), "utf8")),
  );

  test.each(PAGES.filter((page) => page.startsWith("docs/start-here/")))("has what %s names in bold", (page) => {
    const names = [
      ...sectionOf(textOf(page), "By the dashboard")
        .replaceAll(/\n +/g, " ")
        .matchAll(/\*\*([^*]+)\*\*/g),
    ];
    expect(names.map(([, name = ""]) => name).filter((name) => !sources.some((text) => text.includes(name)))).toEqual(
      [],
    );
  });
});

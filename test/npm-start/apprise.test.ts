import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../scripts/drive/gateway.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

const BINARY = "apprise";
const VERSION = "2.3.0";
const IS_ABSENT = !String(spawnSync(BINARY, ["--version"]).stdout).includes(VERSION);
const WHY_SKIPPED = `${BINARY} ${VERSION} is not installed (pip install ${BINARY}==${VERSION})`;

const TYPES = ["info", "success", "warning", "failure"];
const TITLE = 'Größe <5%> & "Öfen" 😀';
const MESSAGE = "Line 1\n'Line 2' ]]> \\ {{ title }}";

const DOCS = readFileSync(join(import.meta.dirname, "../../docs/sources/catch.md"), "utf8");
const RULES = JSON.parse(/^## Apprise\n.*?```json\n(.*?)```/ms.exec(DOCS)?.[1] ?? "{}");
const CHILD_KEY = /the `child_key` `([^`]+)` picks/.exec(DOCS)?.[1];

const stage = new Stage();
const { gateway } = stage;

beforeAll(async () => {
  if (IS_ABSENT) process.stderr.write(`Skipped the tests with Apprise: ${WHY_SKIPPED}\n`);
  else await gateway.start();
}, 120_000);
afterAll(() => stage.strike());

/** Runs the command, and fails unless it could notify all of the services. */
async function notify(type: string, services: readonly string[], more: readonly string[] = []): Promise<void> {
  const args = ["-vv", "--notification-type", type, "--body", MESSAGE, ...more, ...services];
  const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const [code] = await once(child, "close");
  expect(code, output).toBe(0);
}

/** Returns the address of an integration in the words of one of the services. */
function serviceOf(scheme: string, url: string, credentials = ""): string {
  return url.replace(/^http:\/\//, `${scheme}://${credentials}`);
}

/** Writes a file that lasts as long as the test. Returns its path. */
function fileOf(name: string, content: string): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("notifications of every type, with files, arrive by json://, form:// and xml:// with title and text", async ({
  skip,
}) => {
  skip(IS_ABSENT, WHY_SKIPPED);
  const { receiver, destination } = await stage.receiver("Notifications");
  const basic = { type: "basic", username: "apprise", password: "Pa55 wörd" };
  const credentials = `${basic.username}:${encodeURIComponent(basic.password)}@`;
  const plain = await stage.route({ name: "Apprise", type: "catch", auth: basic }, [destination]);
  const picked = await stage.route({ name: "Apprise XML", type: "catch", options: { child_key: CHILD_KEY } }, [
    destination,
  ]);
  const services = [
    ...["json", "form", "xml"].map((scheme) => serviceOf(scheme, plain.url, credentials)),
    serviceOf("xml", picked.url),
  ];
  const attached = ["--title", TITLE, "--attach", fileOf("größe.txt", "hällo")];
  for (const type of TYPES) await notify(type, services, attached);

  const base64 = Buffer.from("hällo").toString("base64");
  const fields = { version: "1.0", title: TITLE, message: MESSAGE };
  const file = { filename: "größe.txt", content_type: "text/plain", size: 6 };
  const element = { Version: "1.1", Subject: TITLE, Message: MESSAGE };
  const attachment = { Attachment: { "@filename": "größe.txt", "@mimetype": "text/plain", "#text": base64 } };
  const expected = TYPES.flatMap((type) => {
    const notification = { ...element, MessageType: type, Attachments: expect.objectContaining(attachment) };
    return [
      { ...fields, type, attachments: [{ filename: "größe.txt", base64, mimetype: "text/plain" }] },
      { ...fields, type, file01: file },
      {
        "soapenv:Envelope": expect.objectContaining({
          "soapenv:Body": { Notification: expect.objectContaining(notification) },
        }),
      },
      expect.objectContaining(notification),
    ];
  });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(expected.length), WITHIN);
  expect(receiver.arrivals.every(({ type, verified }) => type === "event.received" && verified)).toBe(true);
  expect(receiver.arrivals.map(({ data }) => data.event.payload)).toEqual(expect.arrayContaining(expected));
  for (const { id } of [plain, picked]) {
    const { body } = await gateway.api("GET", `/events?integration_id=${id}`);
    expect(new Set(body.data.map(({ title }: { readonly title: string }) => title))).toEqual(new Set([TITLE]));
  }
});

test("a notification without a title has the text for one", async ({ skip }) => {
  skip(IS_ABSENT, WHY_SKIPPED);
  const integration = await gateway.create("integrations", { name: "Untitled", type: "catch" });
  const services = ["json", "form", "xml"].map((scheme) => serviceOf(scheme, integration.url));
  await notify("info", services);
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/events?integration_id=${integration.id}`);
    expect(body.data.map(({ title }: { readonly title: string }) => title)).toEqual([MESSAGE, MESSAGE, MESSAGE]);
  }, WITHIN);
});

test("the rules of the documentation open, raise and resolve an alert", async ({ skip }) => {
  skip(IS_ABSENT, WHY_SKIPPED);
  const { id, url } = await gateway.create("integrations", { name: "Apprise", type: "rules", options: RULES });
  const becomes = (status: string, urgency: string) =>
    vi.waitFor(async () => {
      const { body } = await gateway.api("GET", `/alerts?integration_id=${id}`);
      expect(body.data).toEqual([expect.objectContaining({ key: TITLE, title: TITLE, status, urgency })]);
    }, WITHIN);
  await notify("info", [serviceOf("json", url)], ["--title", TITLE]);
  await notify("warning", [serviceOf("json", url)], ["--title", TITLE]);
  await becomes("open", "medium");
  await notify("failure", [serviceOf("form", url)], ["--title", TITLE]);
  await becomes("open", "high");
  await notify("success", [serviceOf("json", url)], ["--title", TITLE]);
  await becomes("resolved", "high");
});

import { describe, expect, it } from "vitest";
import { eventOf } from "../support/sources.ts";
import { openLine } from "../support/flow.ts";
import { FORM, payloadOf } from "../support/flow-catch.ts";

// What notifiers send, byte for byte as their HTTP clients write it. No test needs the programs themselves.

const JSON_TYPE = "application/json";

/** A boundary as the package form-data makes it. */
const BOUNDARY = `${"-".repeat(26)}048763203942576134523410`;

function multipart(fields: Readonly<Record<string, string>>, boundary = BOUNDARY): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--${boundary}--\r\n`;
}

describe("shoutrrr's generic service", () => {
  const agent = { "user-agent": "Go-http-client/1.1", accept: JSON_TYPE };

  const MESSAGES = [
    "Backup of db-1 done: 3 GB",
    "Größe: 5%",
    "[WARN] disk is full",
    "[7 days] left",
    "[2026-11-20] Backup done",
    "{host} is down",
  ];

  it.each(MESSAGES)(
    "sends the message %j alone and calls it JSON: the refusal says what to change",
    async (message) => {
      const line = await openLine("catch", {});
      const refused = await line.send(message, { type: JSON_TYPE, headers: agent });
      expect(refused).toMatchObject({ status: 400 });
      expect(JSON.stringify(refused.json)).toContain("text/plain, or with the option raw of a catch integration");
    },
  );

  it.each(MESSAGES)("sends the message %j to a raw integration", async (message) => {
    const payload = await payloadOf(message, { type: JSON_TYPE, headers: agent }, { raw: true });
    expect(payload).toMatchObject({ raw_body: message });
  });

  it.each(["[1, 2", '{"host":', "{}}", "["])("gets no such advice for broken JSON: %j", async (message) => {
    const line = await openLine("catch", {});
    const refused = await line.send(message, { type: JSON_TYPE, headers: agent });
    expect(refused).toMatchObject({ status: 400 });
    expect(JSON.stringify(refused.json)).not.toContain("the option raw");
  });

  it.each(["42", "null", "true"])("sends %s, which is JSON", async (message) => {
    const payload = await payloadOf(message, { type: JSON_TYPE, headers: agent });
    expect(payload).toEqual({ value: JSON.parse(message) });
  });

  it("sends title, message and data of one's own with the JSON template", async () => {
    const body = '{"host":"db-1","message":"Größe: 5%","title":"Backup"}';
    expect(await payloadOf(body, { type: JSON_TYPE, headers: agent })).toEqual({
      host: "db-1",
      message: "Größe: 5%",
      title: "Backup",
    });
  });

  it("has its headers and its content type from `@` parameters, and keeps other parameters in the address", async () => {
    const how = { type: "text/plain", query: "?source=cron", headers: { ...agent, "x-team": "night" } };
    expect(await payloadOf("Backup done", how)).toMatchObject({ source: "cron" });
  });
});

describe("apprise", () => {
  const headers = { "user-agent": "Apprise", accept: "*/*" };

  it("sends JSON by json://", async () => {
    const sent = { version: "1.0", title: "Größe", message: "5 % & more", attachments: [], type: "warning" };
    // json.dumps writes ASCII, with spaces.
    const body = `{"version": "1.0", "title": "Gr\\u00f6\\u00dfe", "message": "5 % & more", "attachments": [], "type": "warning"}`;
    expect(await payloadOf(body, { type: JSON_TYPE, headers })).toEqual(sent);
  });

  it("sends attachments in JSON", async () => {
    const file = { filename: "a.txt", base64: "YQ==", mimetype: "text/plain" };
    const sent = { version: "1.0", title: "", message: "a", type: "info" };
    expect(await payloadOf({ ...sent, attachments: [file] }, { type: JSON_TYPE, headers })).toEqual({
      ...sent,
      attachments: [file],
    });
  });

  const FIELDS = { version: "1.0", title: "Größe", message: "5 % & more", type: "info" };

  it("sends a form by form://", async () => {
    const form = "version=1.0&title=Gr%C3%B6%C3%9Fe&message=5+%25+%26+more&type=info";
    expect(await payloadOf(form, { type: FORM, headers })).toEqual(FIELDS);
  });

  it("sends files as form data", async () => {
    const boundary = "0f6d1c1ad3a2b4f5e6d7c8b9a0f1e2d3";
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="file01"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\na\r\n`;
    const body = multipart(FIELDS, boundary).replace(`--${boundary}--`, `${file}--${boundary}--`);
    expect(await payloadOf(body, { type: `multipart/form-data; boundary=${boundary}`, headers })).toMatchObject({
      ...FIELDS,
      file01: { filename: "a.txt", size: 1 },
    });
  });

  it("sends an envelope of SOAP by xml://", async () => {
    const body = `<?xml version='1.0' encoding='utf-8'?>
<soapenv:Envelope
    xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <soapenv:Body>
        <Notification xmlns:xsi="https://raw.githubusercontent.com/caronc/apprise/master/apprise/assets/NotifyXML-1.1.xsd">
            <Version>1.1</Version><Subject>Größe &amp; more</Subject><Message>5 %</Message><MessageType>failure</MessageType>
            
       </Notification>
    </soapenv:Body>
</soapenv:Envelope>`;
    const payload = await payloadOf(body, { type: "application/xml", headers });
    const text = JSON.stringify(payload);
    for (const part of ['"Subject":"Größe & more"', '"Message":"5 %"', '"MessageType":"failure"']) {
      expect(text).toContain(part);
    }
  });
});

describe("Uptime Kuma's webhook", () => {
  const headers = { accept: "application/json, text/plain, */*", "user-agent": "Uptime-Kuma/2.0.2" };
  const monitor = { id: 7, name: "Größe", url: "https://shop.example", tags: [{ name: "team", value: "web" }] };
  const of = (status: number, msg: string) => ({
    heartbeat: { monitorID: 7, status, msg, time: "2026-11-20 10:00:00.000", important: true, retries: 0 },
    monitor,
    msg: `[Größe] [${status === 0 ? "🔴 Down" : "✅ Up"}] ${msg}`,
  });
  const [down, up] = [of(0, "timeout"), of(1, "200 - OK")];
  const options = { rule_set: "uptimekuma" };
  const signalOf = (body: string, type: string) =>
    eventOf("rules", body, { options, headers: { ...headers, "content-type": type } }).signal;

  it.each([
    [down, "create"],
    [up, "resolve"],
  ])("is understood as JSON, as form data and as a custom body, which has the type of a form", (sent, action) => {
    const json = JSON.stringify(sent);
    expect(signalOf(json, JSON_TYPE)).toMatchObject({ action, key: "7" });
    const type = `multipart/form-data; boundary=${BOUNDARY}`;
    expect(signalOf(multipart({ data: json }), type)).toMatchObject({ action, key: "7" });
    expect(signalOf(JSON.stringify(sent, null, 2), FORM)).toMatchObject({ action, key: "7" });
  });

  it("arrives as JSON if its custom body is JSON", async () => {
    const custom = '{\n  "Title": "Größe & more = 5 %",\n  "Details": ["[Größe] [🔴 Down] timeout"]\n}';
    expect(await payloadOf(custom, { type: FORM, headers })).toEqual(JSON.parse(custom));
  });

  it("arrives as the name of a field if its custom body is a text, because its type is that of a form", async () => {
    expect(await payloadOf("Größe is down", { type: FORM, headers })).toEqual({ "Größe is down": "" });
  });
});

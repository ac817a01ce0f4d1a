import { describe, expect, it } from "vitest";
import page from "../../../docs/payloads.md?raw";
import { acceptedPayload } from "../../../src/api/destinations/payload-fields.ts";
import { renderBody } from "../../../src/delivery/request/body.ts";
import retrace from "../../fixtures/retrace-alert.json?raw";
import { eventOf } from "../presets/events.ts";

const EXAMPLES = [...page.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);

async function rendered(example: string | undefined): Promise<string> {
  const given = acceptedPayload.parse(JSON.parse(example ?? ""));
  if (given.mode !== "template") throw new Error("no template");
  const body = await renderBody(given, {}, "", eventOf("alert.created", undefined, retrace));
  if (!body.ok) throw new Error(body.error);
  return new TextDecoder().decode(body.value.bytes);
}

describe("the page on payloads", () => {
  it("has only examples that are accepted", () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(4);
    for (const example of EXAMPLES) expect(acceptedPayload.safeParse(JSON.parse(example)).error).toBeUndefined();
  });

  it("has recipes that work on an alert of Retrace", async () => {
    const fields = JSON.parse(retrace);
    const [first, document, ticket] = EXAMPLES;
    expect(JSON.parse(await rendered(first))).toEqual({ text: "Disk full", monitor: fields.MonitorId });
    const text = await rendered(document);
    expect(text).toContain(`Monitor ${fields.MonitorId} of ${fields.AppName}`);
    expect(text).not.toContain("{{");
    expect(JSON.parse(await rendered(ticket))).toMatchObject({ monitor_id: fields.MonitorId, open: true });
  });
});

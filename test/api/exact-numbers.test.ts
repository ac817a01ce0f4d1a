import { describe, expect, it } from "vitest";
import { consumeDeadLetters } from "../../src/pipeline/consume-dead-letters.ts";
import { client, createDestination, createIntegration, request } from "../support/api.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { createWorld } from "../support/world.ts";
import { unwrap } from "../../src/client/index.ts";

const NUMBERS = ["9007199254740993", "-9007199254740993", "1e400", "12345678901234567890123456789"];

function post(body: string, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", body, headers };
}

/** The JSON of a route whose filter names the number. */
async function routeWith(number: string, more = ""): Promise<string> {
  const { id } = await createDestination();
  return `{"name":"orders","destination_ids":["${id}"],"match":{"data.event.payload.order":${number}}${more}}`;
}

describe.each(NUMBERS)("the number %s", (number) => {
  it("has all digits in a filter, in the trail of its changes, and in the answer to a repeated request", async () => {
    const body = await routeWith(number);
    const key = { "idempotency-key": `exact ${number}` };
    const first = await request("/routes", post(body, key));
    const again = await request("/routes", post(body, key));
    expect(first.text).toContain(`"match":{"data.event.payload.order":${number}}`);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    const [entry] = unwrap(await client.audit.list({ limit: 1 })).data;
    const trail = await request("/audit?limit=1");
    expect(entry).toMatchObject({ action: "route.created", before: null });
    expect(trail.text).toContain(`"match":{"data.event.payload.order":${number}}`);
  });

  it("has all digits in the configuration as a file, and a change of the last digit is a change", async () => {
    await request("/routes", post(await routeWith(number)));
    await createIntegration();
    const { text } = await request("/config");
    expect(text).toContain(`"match":{"data.event.payload.order":${number}}`);
    const same = await request("/config?dry_run=true", { method: "PUT", body: text });
    expect(same.text).toContain('"changes":[]');
    const other = text.replaceAll(number, number.replace(/\d$/, "4"));
    const changed = await request("/config?dry_run=true", { method: "PUT", body: other });
    expect(changed.text).toContain('"fields":["match"]');
  });

  it("has all digits in a custom response", async () => {
    const { id } = await createIntegration();
    const response = `{"status":200,"headers":{},"body":{"id":${number}}}`;
    const changed = await request(`/integrations/${id}`, { method: "PATCH", body: `{"response":${response}}` });
    expect(changed.text).toContain(`"body":{"id":${number}}`);
  });

  it("has all digits in a message that the gateway could not process", async () => {
    const { batch } = fakeBatch("hookgate-dead-letters", [{ id: "one", body: `{"v":0,"id":${number}}` }]);
    await consumeDeadLetters(createWorld().context, batch);
    expect((await request("/dead-letters")).text).toContain(`"message":{"v":0,"id":${number}}`);
  });

  it("has all digits in what a request would become", async () => {
    const { id } = await createIntegration({ type: "catch" });
    const preview = await request(`/integrations/${id}/preview`, post(`{"order":${number}}`));
    expect(preview.text).toContain(`"payload":{"order":${number}}`);
  });

  it("is not an object", async () => {
    const integration = await createIntegration();
    const destination = await createDestination();
    const wrong: readonly (readonly [string, string, string, string])[] = [
      ["PATCH", `/integrations/${integration.id}`, "response", `{"response":${number}}`],
      [
        "PATCH",
        `/destinations/${destination.id}`,
        "requests.alert.created",
        `{"requests":{"alert.created":${number}}}`,
      ],
      ["POST", "/replays", "filter", `{"filter":${number}}`],
    ];
    for (const [method, path, field, body] of wrong) {
      const { status, text } = await request(path, { method, body });
      expect([path, status]).toEqual([path, 400]);
      expect(text).toContain(`"errors":[{"path":"${field}","message":"must be an object"}]`);
    }
  });
});

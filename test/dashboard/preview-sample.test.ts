import { describe, expect, it } from "vitest";
import { draftOfSample, readHeaders } from "../../src/dashboard/integrations/preview/sample.ts";

describe("the headers of a previewed request", () => {
  it("are read from lines, with the type of JSON unless another is named", () => {
    expect(readHeaders("X-Signature: a:b\n\nauthorization:Bearer t")).toEqual({
      ok: true,
      headers: { "content-type": "application/json", "x-signature": "a:b", "hookgate-authorization": "Bearer t" },
    });
    expect(readHeaders("Content-Type: text/xml")).toMatchObject({ headers: { "content-type": "text/xml" } });
  });

  it("lack what the browser sets itself", () => {
    const read = readHeaders("host: example.com\nContent-Length: 3\ncookie: a=b\nx-a: 1");
    expect(read).toEqual({ ok: true, headers: { "content-type": "application/json", "x-a": "1" } });
  });

  it.each([
    ["x-a: 1\nx-b", 2],
    ["two words: 1", 1],
    [": 1", 1],
    ["x-a: 😀", 1],
  ])("of %j are refused at their line", (text, line) => {
    expect(readHeaders(text)).toMatchObject({ ok: false, line });
  });
});

describe("a stored request", () => {
  it("fills the fields", () => {
    const draft = draftOfSample({
      event_id: "evt_1",
      received_at: "2026-05-01T10:00:00.000Z",
      method: "POST",
      query: "",
      headers: { "content-type": "text/plain", "content-length": "5", "x-a": "1" },
      body: "hello",
      body_encoding: "utf8",
      payload: null,
    });
    expect(draft).toEqual({ headers: "content-type: text/plain\nx-a: 1", body: "hello" });
    expect(draftOfSample(undefined).body).toBe("");
  });
});

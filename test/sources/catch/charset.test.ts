import { describe, expect, it } from "vitest";
import { event, payload } from "../../support/catch.ts";
import { eventOf } from "../../support/sources.ts";

const FORM = "application/x-www-form-urlencoded";
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const UNREADABLE = expect.stringContaining("neither valid UTF-8");

describe("a form in another encoding", () => {
  it.each([
    ["as they are", latin("a=caf\u00e9&b=\u00fc+1"), "iso-8859-1"],
    ["percent-encoded", "a=caf%E9&b=%fc+1", "ISO-8859-1"],
    ["in UTF-8 after all", "a=caf%C3%A9&b=%c3%bc+1", '"iso-8859-1"'],
  ])("is read where its sender names it, its letters %s", (_, body, charset) => {
    expect(payload(body, { type: `${FORM}; charset=${charset}` })).toEqual({ a: "caf\u00e9", b: "\u00fc 1" });
  });

  it("keeps what is an escape of its own signs", () => {
    expect(payload("a=%26%3D%25E9%2B%E9&%=%4&%E=1%", { type: `${FORM}; charset=latin1` })).toEqual({
      a: "&=%E9+\u00e9",
      "%": "%4",
      "%E": "1%",
    });
  });

  it("may be one of several bytes a letter", () => {
    expect(payload("a=%82%a0", { type: `${FORM}; charset=shift_jis` })).toEqual({ a: "\u3042" });
  });

  it.each(["", "; charset=klingon", "; charset=utf-8"])("is kept as it came, with a note, with %j", (parameters) => {
    const { payload: kept, signal } = event(latin("a=\u00e9"), { type: FORM + parameters });
    expect(kept).toEqual({ raw_body: "YT3p", raw_body_encoding: "base64" });
    expect(signal.note).toEqual(UNREADABLE);
  });
});

describe("text in another encoding", () => {
  it("is raw_body as text where its sender names it", () => {
    const kept = event(latin("caf\u00e9"), { type: "text/plain; charset=iso-8859-1" });
    expect(kept).toMatchObject({ payload: { raw_body: "caf\u00e9" }, signal: { note: null } });
  });

  it.each(["text/plain", "text/html; charset=klingon"])("is kept as it came, with a note, as %s", (type) => {
    const { payload: kept, signal } = event(latin("\u00e9"), { type });
    expect(kept).toEqual({ raw_body: "6Q==", raw_body_encoding: "base64" });
    expect(signal.note).toEqual(UNREADABLE);
  });

  it("is read as XML without a label where its declaration names it", () => {
    const body = latin("<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e9</a>");
    expect(payload(body)).toEqual({ a: "\u00e9" });
    expect(payload(body, { type: FORM })).toHaveProperty("raw_body_encoding");
    expect(payload(latin('{"a":"\u00e9"}'), { type: "application/other; charset=latin1" })).toEqual({ a: "\u00e9" });
  });

  it("needs no note where nothing says that it is text", () => {
    for (const type of ["image/png", "application/pdf", "application/octet-stream"]) {
      expect(event(latin("\u0089PNG"), { type })).toMatchObject({ signal: { note: null } });
    }
  });
});

describe("rules over a body in another encoding", () => {
  const options = { rules: [{ match: { "log.data.a": "\u00e9" }, actions: [{ type: "create", title: "t" }] }] };
  const act = (body: Uint8Array, type: string) =>
    eventOf("rules", body, { options, headers: { "content-type": type } }).signal;

  it("see what it says", () => {
    expect(act(latin("a=\u00e9"), `${FORM}; charset=iso-8859-1`).action).toBe("create");
    expect(act(latin('{"a":"\u00e9"}'), "text/plain; charset=iso-8859-1").action).toBe("create");
  });

  it("say so where they cannot", () => {
    expect(act(latin("a=\u00e9"), FORM)).toEqual({ action: "ignore", note: UNREADABLE });
  });
});

import { describe, expect, it } from "vitest";
import { event, payload, read, refusal } from "../../support/catch.ts";
import { errorsOf, eventOf, interpret } from "../../support/sources.ts";

const FORM = "application/x-www-form-urlencoded";
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const UNREADABLE = expect.stringContaining("neither valid UTF-8");

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) bytes.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return new Uint8Array(bytes.buffer);
}

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

  it.each(["", "; charset=klingon", "; charset=utf-8", "; charset=utf-16"])("is refused with %j", (parameters) => {
    for (const body of [latin("a=\u00e9"), "a=%E9", "b=1&a=%e9"]) {
      expect(refusal(body, { type: FORM + parameters })).toEqual(expect.stringContaining("neither valid UTF-8"));
    }
  });

  it.each([
    ["_charset_=windows-1252&a=Jos%E9", { _charset_: "windows-1252", a: "José" }],
    ["a=Jos%E9&charset=windows-1252", { a: "José", charset: "windows-1252" }],
    ["a=%83%5C&_charset_=Shift_JIS", { a: "ソ", _charset_: "Shift_JIS" }],
    ["a=%C4%E3&charset=gbk", { a: "你", charset: "gbk" }],
    ["a=%CF%F0%E8&charset=windows-1251", { a: "При", charset: "windows-1251" }],
    ["a=%EF%BF%BD&charset=utf-8", { a: "\ufffd", charset: "utf-8" }],
    ["charset=of+my+heart&a=%C3%A9", { charset: "of my heart", a: "é" }],
  ])("is read where a field names it: %s", (body, expected) => {
    expect(payload(body, { type: FORM })).toEqual(expected);
    expect(payload("", { method: "GET", query: body })).toEqual(expected);
    expect(payload(new TextEncoder().encode(`${body}\r\n`), { type: FORM })).toEqual(expected);
  });

  it("is refused in a query that names none", () => {
    expect(refusal("", { method: "GET", query: "a=%E9" })).toContain("query string");
    expect(refusal("{}", { query: "a=%E9" })).toContain("query string");
  });
});

describe("text in another encoding", () => {
  it("is raw_body as text where its sender names it", () => {
    const kept = event(latin("caf\u00e9"), { type: "text/plain; charset=iso-8859-1" });
    expect(kept).toMatchObject({ payload: { raw_body: "caf\u00e9" }, signal: { note: null } });
  });

  it.each(["text/plain", "text/html"])("is kept as it came, with a note, as %s", (type) => {
    const { payload: kept, signal } = event(latin("\u00e9"), { type });
    expect(kept).toEqual({ raw_body: "6Q==", raw_body_encoding: "base64" });
    expect(signal.note).toEqual(UNREADABLE);
  });

  it("is read as XML without a label where its declaration names it", () => {
    const body = latin("<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e9</a>");
    expect(payload(body)).toEqual({ a: "\u00e9" });
    expect(payload(body, { type: FORM })).toEqual({ a: "\u00e9" });
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
    expect(act(latin("a=\u00e9"), "text/plain")).toEqual({ action: "ignore", note: UNREADABLE });
    expect(errorsOf("rules", latin("a=\u00e9"), { options, headers: { "content-type": FORM } })).toHaveLength(1);
  });
});

describe("JSON in another encoding", () => {
  const json = '{"city":"K\u00f6ln"}';

  it.each([
    ["ISO-8859-1", latin(json)],
    ['"windows-1252"', latin(json)],
    ["us-ascii", new TextEncoder().encode(json)],
    ["iso-8859-1", new TextEncoder().encode(json)],
    ["utf-16le", utf16(json, true)],
    ["utf-16be", utf16(json, false)],
    ["utf-16", utf16(`\ufeff${json}`, true)],
    ["utf-16", utf16(`\ufeff${json}`, false)],
    ["utf-8", utf16(`\ufeff${json}`, false)],
  ])("is read as its sender names it: %s", (charset, body) => {
    const type = `application/json; charset=${charset}`;
    expect(payload(body, { type })).toEqual(JSON.parse(json));
    for (const source of ["pagertree", "rules", "retrace", "backtrace", "thousandeyes"] as const) {
      const result = interpret(source, body, {
        options: source === "rules" ? { rule_set: "grafana" } : {},
        headers: { "content-type": type },
      });
      expect(JSON.stringify(result)).not.toContain("encoding");
    }
  });

  it.each([utf16(json, true), utf16(json, false), utf16(`\ufeff${json}`, true)])(
    "is known as UTF-16 by itself",
    (body) => {
      expect(payload(body, { type: "application/json" })).toEqual(JSON.parse(json));
      expect(payload(body, { type: "text/plain" })).toEqual(JSON.parse(json));
    },
  );

  it.each(["", "; charset=klingon", "; charset=utf-8", "; charset=utf-16le"])(
    "is refused where it is invalid in it: %j",
    (charset) => {
      const result = read(latin(json), { type: `application/json${charset}` });
      expect(result).toMatchObject({ ok: false });
    },
  );
});

describe("a multipart body in other encodings", () => {
  const type = "multipart/form-data; boundary=q";
  const part = (name: string, value: string, charset = "") =>
    `--q\r\ncontent-disposition: form-data; name="${name}"${charset && `\r\ncontent-type: text/plain; charset=${charset}`}\r\n\r\n${value}\r\n`;

  it.each([
    ["a part", part("t", "caf\u00e9", "iso-8859-1"), type],
    ["the body", part("t", "caf\u00e9"), `${type}; charset=iso-8859-1`],
    ["the form", part("_charset_", "iso-8859-1") + part("t", "caf\u00e9"), type],
    ["SendGrid", part("t", "caf\u00e9") + part("charsets", '{"to":"UTF-8","t":"iso-8859-1"}'), type],
    ["a part beside the form", part("_charset_", "koi8-r") + part("t", "caf\u00e9", "latin1"), type],
  ])("is read as %s names them", (_, body, contentType) => {
    expect(payload(latin(`${body}--q--\r\n`), { type: contentType })).toMatchObject({ t: "caf\u00e9" });
  });

  it("is refused where a part is invalid", () => {
    for (const charset of ["", "klingon", "utf-8"]) {
      expect(refusal(latin(`${part("t", "caf\u00e9", charset)}--q--`), { type })).toContain("Part 1");
    }
  });
});

describe("a body that is JSON in spite of its content type", () => {
  it.each([
    "text/plain;charset=UTF-8",
    "text/html",
    "application/octet-stream",
    "image/png",
    "application/xml",
    FORM,
    "multipart/form-data",
  ])("is JSON as %s", (type) => {
    expect(event('{"email":"a@x.example"}', { type })).toMatchObject({
      payload: { email: "a@x.example" },
      payload_is_body: true,
    });
    expect(event(' [{"a":1}]\n', { type })).toMatchObject({ payload: { a: 1 } });
  });

  it.each(["hello, 1 & 2", "7", '"text"', "{not json}", "[1,2", ""])("is text if it is not JSON: %j", (body) => {
    if (body !== "") expect(payload(body, { type: "text/plain" })).toEqual({ raw_body: body });
  });

  it.each([
    ["[sic]=1&a=2", { "[sic]": "1", a: "2" }],
    ["{x}=1&a=2", { "{x}": "1", a: "2" }],
    ["[]=1&a=2", { "[]": "1", a: "2" }],
  ])("is a form where its first name begins with a bracket: %s", (body, expected) => {
    expect(payload(body, { type: FORM })).toEqual(expected);
    const headers = { "content-type": FORM };
    expect(interpret("pagertree", `${body}&event_type=other`, { headers })).toMatchObject({ ok: true });
  });

  it.each(['{"a":"x=y"', '[{"a=b":1}', "{ 'a'=1", "[1, 2=3"])("is refused as JSON that is broken: %s", (body) => {
    expect(refusal(body, { type: FORM })).toContain("not valid JSON");
  });
});

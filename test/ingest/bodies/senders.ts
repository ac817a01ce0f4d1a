import fc from "fast-check";
import { FIXTURES as RULE_SET_BODIES } from "../../sources/rules/sets/fixtures.ts";
import { FIXTURES as SOURCE_BODIES } from "../../support/source-fixtures.ts";

// Bodies that senders make badly: well-formed ones with bytes changed, in the wrong encoding, or cut off.

const encoder = new TextEncoder();

/** A body with the content type that its sender would name. */
export type Body = { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string };

const JSON_BODIES = [...SOURCE_BODIES.map(({ body }) => body), ...RULE_SET_BODIES.map(({ text }) => text)];

const words = fc.stringMatching(/^[\w äöü日本 "'<>&%+=;:/.-]{0,20}$/);
const fields = fc.dictionary(fc.constantFrom("a", "b[c]", "Tags[]", "payload", "charset", "_charset_", "é"), words, {
  noNullPrototype: true,
});

function deep([open, close]: readonly [string, string], depth: number): string {
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

const json = fc.oneof(
  fc.constantFrom(...JSON_BODIES),
  fields.map((map) => JSON.stringify(map)),
  fc.constantFrom('{"n":90071992547409931}', "[1,[2]]", "7", '"text"', "null", "{}", "[]", "not JSON"),
  fc
    .tuple(fc.constantFrom(["[", "]"] as const, ['{"a":', "}"] as const), fc.integer({ min: 1, max: 3_000 }))
    .map(([marks, depth]) => deep(marks, depth)),
);
const form = fc.oneof(
  fields.map((map) => new URLSearchParams(Object.entries(map)).toString()),
  fc.constantFrom(
    "a=100%&b=%zz&c=%",
    "[sic]=1&a=2",
    "a=%E9",
    "a=%E9&charset=windows-1252",
    "&&&=&=1",
    "a".repeat(5_000),
  ),
  json.map((text) => `payload=${encodeURIComponent(text.toWellFormed())}`),
);
const xml = fc.oneof(
  words.map((text) => `<r><a b="1">${text.replaceAll(/[<&]/g, "")}</a></r>`),
  fc.integer({ min: 1, max: 200 }).map((depth) => deep(["<a>", "</a>"], depth)),
  fc.constantFrom(
    '<?xml version="1.0" encoding="ISO-8859-1"?><r><c>K\u00f6ln</c></r>',
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><l>&b;</l>',
    '<!DOCTYPE l SYSTEM "http://169.254.169.254/"><l/>',
    "<a><![CDATA[",
    `<a ${'b="1" '.repeat(1_500)}/>`,
  ),
);
const multipart = fc
  .array(
    fc.tuple(fc.constantFrom("a", "charsets", "_charset_", 'q"', "é"), words, fc.constantFrom("", "iso-8859-1", "x")),
  )
  .map((parts) => {
    const written = parts.map(([name, text, charset]) => {
      const type = charset === "" ? "" : `content-type: text/plain; charset=${charset}\r\n`;
      return `--q\r\ncontent-disposition: form-data; name="${name}"\r\n${type}\r\n${text}\r\n`;
    });
    return `${written.join("")}--q--\r\n`;
  });

const texts = fc.oneof(
  json.map((text) => ({ text, type: "application/json" })),
  form.map((text) => ({ text, type: "application/x-www-form-urlencoded" })),
  multipart.map((text) => ({ text, type: "multipart/form-data; boundary=q" })),
  xml.map((text) => ({ text, type: "application/xml" })),
  words.map((text) => ({ text, type: "text/plain" })),
);

function utf16(text: string, isLittle: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return bytes;
}

const ENCODERS: Readonly<Record<string, (text: string) => Uint8Array<ArrayBuffer>>> = {
  utf8: (text) => new Uint8Array(encoder.encode(text)),
  latin1: (text) => new Uint8Array(Array.from(text, (character) => character.charCodeAt(0) % 256)),
  utf16le: (text) => utf16(text, true),
  utf16be: (text) => utf16(`\ufeff${text}`, false),
};

type Change = (bytes: Uint8Array<ArrayBuffer>, at: number) => Uint8Array<ArrayBuffer>;

const CHANGES: Readonly<Record<string, Change>> = {
  none: (bytes) => bytes,
  cut: (bytes, at) => bytes.slice(0, at),
  start: (bytes, at) => bytes.slice(at),
  foreign: (bytes, at) => Uint8Array.of(...bytes.slice(0, at), 0xe9, 0xff, 0x80, ...bytes.slice(at)),
  twice: (bytes) => Uint8Array.of(...bytes, ...bytes),
};

const NAMES = "utf-8 iso-8859-1 windows-1252 utf-16 utf-16le utf-16be shift_jis gb18030 euc-kr koi8-r utf-7 x-none";

/** A body in some encoding, changed somewhere, under a content type that may name another one. */
export const anyBody: fc.Arbitrary<Body> = fc
  .record({
    written: texts,
    other: fc.constantFrom("", "", "", "application/json", "text/xml", "text/plain", "application/octet-stream", ";;"),
    encoding: fc.constantFrom(...Object.keys(ENCODERS), "utf8", "utf8"),
    change: fc.constantFrom(...Object.keys(CHANGES), "none", "none"),
    at: fc.nat(),
    charset: fc.constantFrom("", "", ...NAMES.split(" ")),
  })
  .map(({ written, other, encoding, change, at, charset }) => {
    const encoded = ENCODERS[encoding]?.(written.text) ?? new Uint8Array(encoder.encode(written.text));
    const bytes =
      encoded.byteLength > 50_000 ? encoded : (CHANGES[change]?.(encoded, at % (encoded.length + 1)) ?? encoded);
    const type = other === "" ? written.type : other;
    return { bytes, type: charset === "" ? type : `${type}; charset=${charset}` };
  });

/** Random bytes under any of the content types. */
export const randomBody: fc.Arbitrary<Body> = fc.record({
  bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  type: texts.map(({ type }) => type),
});

/** Bodies that would be costly to read: deep, wide, or with more parts than are read. */
const HUGE_TEXTS: readonly (readonly [string, () => { readonly text: string; readonly type: string }])[] = [
  ["nested JSON", () => ({ text: deep(["[", "]"], 200_000), type: "application/json" })],
  ["a million values", () => ({ text: `[${"1,".repeat(1_000_001)}1]`, type: "application/json" })],
  [
    "many members",
    () => ({ text: `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join()}}`, type: "text/plain" }),
  ],
  [
    "texts in texts",
    () => ({ text: JSON.stringify({ a: Array(20_000).fill('{"a":"[1]"}') }), type: "application/json" }),
  ],
  [
    "many alerts",
    () => ({
      text: JSON.stringify({ alerts: Array.from({ length: 5_000 }, (_, a) => ({ a })) }),
      type: "application/json",
    }),
  ],
  ["many fields", () => ({ text: "a=1&".repeat(200_000), type: "application/x-www-form-urlencoded" })],
  ["many parts", () => ({ text: "--q\r\n".repeat(100_000), type: "multipart/form-data; boundary=q" })],
  ["many tags", () => ({ text: "<a>".repeat(200_000), type: "application/xml" })],
  ["many attributes", () => ({ text: `<a ${'b="1" '.repeat(200_000)}/>`, type: "application/xml" })],
  ["many comments", () => ({ text: `<a>${"<!--".repeat(200_000)}`, type: "text/xml" })],
  ["one long text", () => ({ text: "ä".repeat(500_000), type: "text/plain" })],
];

export const HUGE = HUGE_TEXTS.map(([name, make]): readonly [string, () => Body] => [
  name,
  () => {
    const { text, type } = make();
    return { bytes: new Uint8Array(encoder.encode(text)), type };
  },
]);

// Bodies of any size that a reader could take more and more time for.

type Make = (size: number) => string;

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=qqqqqqqq";
const XML = "application/xml";

const times = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length));
const list = (item: unknown, size: number): unknown[] =>
  Array(Math.ceil(size / JSON.stringify(item).length)).fill(item);
const each = (size: number, make: (index: number) => string, separator = ""): string =>
  Array.from({ length: Math.ceil(size / make(0).length) }, (_, index) => make(index)).join(separator);

const PART = '--qqqqqqqq\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
const part = (head: string, content: string): string => `--qqqqqqqq\r\n${head}\r\n\r\n${content}\r\n`;
const named = 'content-disposition: form-data; name="a"';

/** JSON in a text, in JSON in a text, and so on. */
function nested(size: number, levels: number): string {
  let text = JSON.stringify(list('{"a":"[1]"}', size / 8));
  for (let level = 0; level < levels; level += 1) text = JSON.stringify({ text });
  return text;
}

const JSON_BODIES: Readonly<Record<string, Make>> = {
  "deep lists": (size) => `${"[".repeat(size / 2)}${"]".repeat(size / 2)}`,
  "lists of 90 levels": (size) => `[${times(`${"[".repeat(90)}${"]".repeat(90)},`, size)}0]`,
  "deep maps": (size) => times('{"a":', size),
  "many members": (size) => `{${each(size, (index) => `"k${index}":1`, ",")}}`,
  "one member again and again": (size) => `{${times('"k":1,', size)}"k":2}`,
  "a list of maps": (size) => JSON.stringify({ items: list({ a: 1 }, size) }),
  "a list of large maps": (size) => JSON.stringify(Array.from({ length: 400 }, () => ({ a: "x".repeat(size / 400) }))),
  "texts of JSON": (size) => JSON.stringify({ items: list('{"a":1}', size) }),
  "texts in texts": (size) => nested(size, 4),
  "texts in more texts than are opened": (size) => nested(size / 8, 7),
  "texts that begin as JSON": (size) => JSON.stringify({ items: list("[{{{{{{{{]", size) }),
  "one text that begins as JSON": (size) => JSON.stringify({ text: `{${"[".repeat(size)}}` }),
  "texts of XML": (size) => JSON.stringify({ items: list("<a><b>1</b></a>", size) }),
  "one text of XML": (size) => JSON.stringify({ text: `<a>${times("<b/>", size)}</a>` }),
  "one text that begins as XML": (size) => JSON.stringify({ text: times("<b>", size) }),
  "long numbers": (size) => `[${times("12345678901234567890,", size)}1]`,
  "one long number": (size) => `[${"1".repeat(size)}]`,
  escapes: (size) => `["${times("\\u00e4", size)}"]`,
  "white space": (size) => `${times(" \n", size)}x`,
  "texts that are no JSON": (size) => times("[WARN] ", size),
};
const FORMS: Readonly<Record<string, Make>> = {
  "one field again and again": (size) => times("a=1&", size),
  "many fields": (size) => each(size, (index) => `k${index}=1`, "&"),
  "lists of fields": (size) => times("a[]=1&", size),
  "maps of fields": (size) => each(size, (index) => `a[b][${index}]=1`, "&"),
  "a deep field": (size) => `a${times("[b]", size)}=1`,
  "many deep fields": (size) => times(`a${"[b]".repeat(30)}=1&`, size),
  escapes: (size) => `a=${times("%C3%A4", size)}`,
  "broken escapes": (size) => `a=${times("%", size)}`,
  encodings: (size) => times("charset=x&", size),
  brackets: (size) => times("[", size),
  "the start of XML": (size) => times("<", size),
  "fields of JSON": (size) => times(`payload=${encodeURIComponent("[1]")}&`, size),
};
const PARTS: Readonly<Record<string, Make>> = {
  parts: (size) => `${times(PART, size)}--qqqqqqqq--`,
  delimiters: (size) => times("--qqqqqqqq\r\n", size),
  "lines that are almost delimiters": (size) => `${part(named, times("\r\n--qqqqqqq", size))}--qqqqqqqq--`,
  headers: (size) => `${part(times("a: b\r\n", size), "1")}--qqqqqqqq--`,
  "parts with long headers": (size) => `${times(part(`${named}\r\na: ${"b".repeat(7_000)}`, "1"), size)}--qqqqqqqq--`,
  quotes: (size) => `${part(`content-disposition: form-data; name="${times('\\"', size)}"`, "1")}--qqqqqqqq--`,
  parameters: (size) => `${times(part(`${named}${';x="\\'.repeat(1_500)}`, "1"), size)}--qqqqqqqq--`,
  encodings: (size) =>
    `${part(named.replace('"a"', '"charsets"'), '{"a":"iso-8859-1"}')}${times(PART, size)}--qqqqqqqq--`,
};
const XML_BODIES: Readonly<Record<string, Make>> = {
  "elements of one name": (size) => `<r>${times("<a>1</a>", size)}</r>`,
  "elements of many names": (size) => `<r>${each(size, (index) => `<a${index}/>`)}</r>`,
  attributes: (size) => `<r ${each(size, (index) => `a${index}="1"`, " ")}/>`,
  "one attribute again and again": (size) => `<r ${times('a="1" ', size)}/>`,
  "deep elements": (size) => times("<a>", size),
  "texts between elements": (size) => `<r>${times("t<a/>", size)}</r>`,
  references: (size) => `<r>${times("&amp;", size)}</r>`,
  "unknown references": (size) => `<r>${times("&x;", size)}</r>`,
  ampersands: (size) => `<r>${times("&", size)}</r>`,
  comments: (size) => `<r>${times("<!-- -->", size)}</r>`,
  "open comments": (size) => `<r>${times("<!--", size)}</r>`,
  CDATA: (size) => `<r>${times("<![CDATA[x]]>", size)}</r>`,
  "ends of CDATA": (size) => `<r>${times("]]>", size)}</r>`,
  "document types": (size) => times("<!DOCTYPE a>", size),
  "a document type of brackets": (size) => `<!DOCTYPE a [${times("[", size)}`,
  roots: (size) => times("<a/>", size),
  prefixes: (size) => `<r>${times("<s:a xmlns:s='u'/>", size)}</r>`,
  instructions: (size) => `<r>${times("<?a ?>", size)}</r>`,
  "line breaks": (size) => `<r>${times("\r\n", size)}</r>`,
  "equals signs": (size) => `<r ${times("= ", size)}/>`,
};
const TEXTS: Readonly<Record<string, Make>> = {
  letters: (size) => times("ä", size),
  brackets: (size) => times("[", size),
  braces: (size) => times('{"', size),
  "the start of XML": (size) => times("<", size),
};

const of = (type: string, bodies: Readonly<Record<string, Make>>): readonly Growing[] =>
  Object.entries(bodies).map(([name, make]) => ({ name: `${type === "" ? "no type" : type}: ${name}`, type, make }));

/** A kind of body, whose `make` gives one of about this many characters. */
export type Growing = { readonly name: string; readonly type: string; readonly make: Make };

export const GROWING: readonly Growing[] = [
  ...of(JSON_TYPE, JSON_BODIES),
  ...of(FORM, FORMS),
  ...of(MULTIPART, PARTS),
  ...of(XML, XML_BODIES),
  ...of("", { ...TEXTS, ...JSON_BODIES }),
  ...of("text/plain; charset=iso-8859-1", { ...TEXTS, ...JSON_BODIES }),
  ...of("text/xml; charset=utf-16", XML_BODIES),
  ...of("application/octet-stream", TEXTS),
];

/** The content types of the bodies above. */
export const TYPES: readonly string[] = [...new Set(GROWING.map(({ type }) => type))];

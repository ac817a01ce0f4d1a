import { describe, expect, it } from "vitest";
import { payload, payloads, refusal } from "../../support/catch.ts";

const form = (text: string) => payload(text, { type: "application/x-www-form-urlencoded; charset=utf-8" });

const BOUNDARY = "----hook7MA4YWxk";
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
const part = (headers: string, content: string) => `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const field = (name: string, content: string) => part(`Content-Disposition: form-data; name="${name}"`, content);
const end = `--${BOUNDARY}--\r\n`;

describe("a form", () => {
  it("has texts, in any case, once or several times", () => {
    expect(form("a=1&b=x+y%21&A=2&c")).toEqual({ a: "1", b: "x y!", A: "2", c: "" });
    expect(form("a=1&a=2&b[]=3&c[]=4&c[]=5\n")).toEqual({ a: ["1", "2"], b: ["3"], c: ["4", "5"] });
  });

  it("has maps", () => {
    expect(form("data[id]=7&data[merges][FNAME]=Ann&data[tags][]=x&data[tags][]=y")).toEqual({
      data: { id: "7", merges: { FNAME: "Ann" }, tags: ["x", "y"] },
    });
  });

  it("loses nothing of names that are odd or at odds", () => {
    expect(form("a[=1&[b]=2&c[d]e=3&f[][g]=4")).toEqual({ "a[": "1", "[b]": "2", "c[d]e": "3", "f[][g]": "4" });
    expect(form("a=1&a[b]=2&a[b]=3")).toEqual({ a: "1", "a[b]": ["2", "3"] });
    expect(form("a[b]=1&a=2&a[]=3")).toEqual({ a: { b: "1" }, "a[]": ["2", "3"] });
    expect(form(`a${"[b]".repeat(11)}=1`)).toEqual({ [`a${"[b]".repeat(11)}`]: "1" });
  });

  it("may have 10,000 fields", () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=`).join("&");
    expect(Object.keys(form(names(10_000)) ?? {})).toHaveLength(10_000);
    expect(refusal(names(10_001), { type: "application/x-www-form-urlencoded" })).toContain("10000");
  });

  it("may be XML, as command-line tools label what they post", () => {
    expect(form("<order><id>7</id></order>")).toEqual({ order: { id: "7" } });
    expect(form("<order=1")).toEqual({ "<order": "1" });
  });
});

describe("multipart/form-data", () => {
  it("has fields, and of files what is told of them", () => {
    const body =
      field("a", "1") +
      field("tags[]", "x") +
      field("note", "two\r\nlines -- é") +
      part('Content-Disposition: form-data; name="doc"; filename="C:\\a\\b.txt"\r\nContent-Type: text/plain', "hé") +
      part("content-disposition: form-data; name=doc; filename*=UTF-8''na%C3%AFve.bin", "");
    expect(payload(`preamble\r\n${body}${end}epilogue`, { type: MULTIPART })).toEqual({
      a: "1",
      tags: ["x"],
      note: "two\r\nlines -- é",
      doc: [
        { filename: "C:\\a\\b.txt", content_type: "text/plain", size: 3 },
        { filename: "naïve.bin", content_type: "application/octet-stream", size: 0 },
      ],
    });
  });

  it("keeps the bytes of files out of the payload", () => {
    const head = new TextEncoder().encode(
      `--b\r\nContent-Disposition: form-data; name="f"; filename="\\"x\\".bin"\r\n\r\n`,
    );
    const tail = new TextEncoder().encode("\r\n--b--");
    const body = new Uint8Array([...head, 0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0x00, ...tail]);
    expect(payload(body, { type: 'multipart/form-data; boundary="b"' })).toEqual({
      f: { filename: '"x".bin', content_type: "application/octet-stream", size: 6 },
    });
  });

  it("opens JSON in its fields", () => {
    expect(payload(field("rawRequest", '{"q":{"first":"Ann"}}') + end, { type: MULTIPART })).toEqual({
      rawRequest: { q: { first: "Ann" } },
    });
  });

  it.each([
    ["names no boundary", field("a", "1") + end, "multipart/form-data"],
    ["does not end", field("a", "1"), MULTIPART],
    ["ends inside of a part", field("a", "1").slice(0, -2), MULTIPART],
    ["has headers that do not end", `--${BOUNDARY}\r\nContent-Disposition: form-data`, MULTIPART],
    ["has headers that are too long", part(`x: ${"x".repeat(9_000)}`, "") + end, MULTIPART],
    ["has a part without a name", part("Content-Disposition: form-data", "1") + end, MULTIPART],
    ["has another boundary", "hello", MULTIPART],
  ])("is refused where it %s", (_, body, type) => {
    expect(refusal(body, { type })).toMatch(/boundary|part 1/i);
  });
});

const xml = (text: string | Uint8Array, type = "application/xml") => payload(text, { type });

describe("XML", () => {
  it.each(["application/xml", "text/xml; charset=utf-8", "application/soap+xml"])("is what %s says it is", (type) => {
    expect(xml('\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<a>1</a>\n', type)).toEqual({ a: "1" });
  });

  it("has attributes, lists and text", () => {
    const text = `<order id="7" note='a "b"'>
      <item sku="x">2</item><item/><other> t </other><item>3</item>
    </order>`;
    expect(xml(text)).toEqual({
      order: { "@id": "7", "@note": 'a "b"', item: [{ "@sku": "x", "#text": "2" }, "", "3"], other: "t" },
    });
  });

  it("has CDATA as it is written, and namespaces by their prefix", () => {
    expect(xml("<a><![CDATA[ <!DOCTYPE x> &amp; <b> ]]></a>")).toEqual({ a: " <!DOCTYPE x> &amp; <b> " });
    expect(xml('<s:a xmlns:s="urn:s"><s:b>1</s:b></s:a>')).toEqual({ "s:a": { "@xmlns:s": "urn:s", "s:b": "1" } });
  });

  it("has text between elements under #text", () => {
    expect(xml("<p>Dear <b>you</b>, hello</p>")).toEqual({ p: { b: "you", "#text": "Dear , hello" } });
  });

  it("leaves out comments and processing instructions", () => {
    expect(xml("<!-- <!DOCTYPE x [] --><?do it's <!-- ?><a>o<!-- -->ne<?x?></a><!-- -->")).toEqual({ a: "one" });
  });

  it("keeps numbers as text", () => {
    expect(xml("<a><b>007</b><c>true</c><d>1e3</d></a>")).toEqual({ a: { b: "007", c: "true", d: "1e3" } });
  });

  it("may hold what XML does not allow in texts: control characters, halves of characters and ]]>", () => {
    expect(xml("<a b='\u001b[1m'>\u0001 ]]> \u0000<b>\uffff</b></a>")).toEqual({
      a: { "@b": "\u001b[1m", "#text": "\u0001 ]]> \u0000", b: "\uffff" },
    });
  });

  it("has the line breaks of its texts as \\n, and those of attributes as spaces", () => {
    expect(xml("<a b='1\r\n2\t3'>4\r\n5\r6</a>")).toEqual({ a: { "@b": "1 2 3", "#text": "4\n5\n6" } });
  });

  it("may be several elements side by side", () => {
    expect(xml("<first>Ann</first><last>Lee</last><last>Roy</last>")).toEqual({ first: "Ann", last: ["Lee", "Roy"] });
  });

  it("may be in the encoding that it names", () => {
    const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(xml(latin('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'))).toEqual({ a: "é" });
    expect(xml(latin("<a>é</a>"), "text/xml; charset=iso-8859-1")).toEqual({ a: "é" });
    expect(xml(new Uint8Array([0xff, 0xfe, ...latin("<\0a\0/\0>\0")]))).toEqual({ a: "" });
    expect(refusal(latin("<a>é</a>"), { type: "text/xml" })).toContain("UTF-8");
    expect(refusal(latin("<a>é</a>"), { type: "text/xml; charset=klingon" })).toContain("UTF-8");
  });

  it("is taken unlabelled too", () => {
    expect(payload("<a>1</a>")).toEqual({ a: "1" });
    expect(payloads("<html><body/></html>")).toEqual([{ raw_body: "<html><body/></html>" }]);
  });

  it.each([
    "<a>",
    "<a><b></a></b>",
    "<a></b>",
    "</a>",
    "<a",
    "<a b=1/>",
    "<a b/>",
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    "<a>&;</a>",
    "<1/>",
    "<a>&</a>",
    "<a/> text",
    "text <a/>",
    "text",
    "<!-- only -->",
    "<a/></x><x>",
    "</x><x>",
    "<a><?do it</a>",
    "<a><!-- </a>",
    "<a><![CDATA[ </a>",
    "<![CDATA[x]]>",
  ])("is refused where it is broken: %s", (text) => {
    expect(refusal(text, { type: "application/xml" })).toMatch(/XML/);
  });

  it("is told where it breaks, and not echoed", () => {
    const message = refusal("<?xml version='1.0'?>\n<a>\n<hunter2></a>", { type: "text/xml" });
    expect(message).toContain("line 3");
    expect(message).not.toContain("hunter2");
  });

  it("may have names that mean something to JavaScript", () => {
    const found = xml("<constructor __proto__='1'><__proto__><a>1</a></__proto__><prototype/></constructor>");
    expect(JSON.stringify(found)).toBe('{"constructor":{"@__proto__":"1","__proto__":{"a":"1"},"prototype":""}}');
    expect(xml("<toString><hasOwnProperty>1</hasOwnProperty></toString>")).toEqual(
      Object.fromEntries([["toString", Object.fromEntries([["hasOwnProperty", "1"]])]]),
    );
    expect(Reflect.get({}, "a")).toBeUndefined();
  });
});

describe("entities of XML", () => {
  it("are the predefined and the numeric ones, put in once", () => {
    expect(xml('<a b="&lt;&#x41;">&amp;lt;&gt;&quot;&apos;&#65;&#x1F600;</a>')).toEqual({
      a: { "@b": "<A", "#text": "&lt;>\"'A😀" },
    });
  });

  it("that are no characters or not known stay as they are written", () => {
    const written = "&#0;&#1;&#xD800;&#x110000;&#9999999;&nbsp;&unknown;&constructor;&__proto__;";
    expect(xml(`<a>${written}</a>`)).toEqual({ a: written });
  });

  const bomb = (levels: number) =>
    `<!DOCTYPE lolz [<!ENTITY l0 "lol">${Array.from(
      { length: levels },
      (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
    ).join("")}]><lolz>&l${levels};</lolz>`;

  it.each([
    ["a billion laughs", bomb(9)],
    ["quadratic growth", `<!DOCTYPE a [<!ENTITY x "${"x".repeat(50_000)}">]><a>${"&x;".repeat(5_000)}</a>`],
    ["an external entity", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ["a parameter entity", '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.com/x.dtd"> %x;]><a/>'],
    ["attribute defaults", '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>'],
    ["an empty list of declarations", "<!DOCTYPE a []><a/>"],
    ["two document types", "<!DOCTYPE a><!DOCTYPE b><a/>"],
    ["a declaration inside", '<a><!ENTITY x "y"></a>'],
    ["a document type that does not end", `<!DOCTYPE ${"a ".repeat(1_000)}`],
    ["one behind a comment", '<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ])("are refused where they are declared: %s", (_, text) => {
    expect(refusal(text, { type: "application/xml" })).toContain("document type");
    expect(payload({ text })).toEqual({ text });
    expect(payload(text)).toEqual({ raw_body: text });
  });

  it.each([
    ["one quotation mark after another", "'".repeat(7_000_000)],
    ["empty texts", "''".repeat(4_000_000)],
    ["words", "a ".repeat(4_000_000)],
    ["a long text", `'${"x".repeat(8_000_000)}'`],
    ["empty texts that end", `${'""'.repeat(4_000_000)}>`],
  ])("are refused in a document type of megabytes: %s", (_, text) => {
    expect(refusal(`<!DOCTYPE a ${text}<a/>`, { type: "application/xml" })).toContain("document type");
  });

  it.each([
    ["a comment", "<!--", "--"],
    ["CDATA", "<![CDATA[", "]]"],
    ["an instruction", "<?", "? "],
    ["white space in an attribute", "<a b=", " "],
    ["an equals sign after another", "<a ", "= "],
  ])("do not overflow a stack: %s", (_, start, repeated) => {
    expect(refusal(start + repeated.repeat(4_000_000), { type: "application/xml" })).toMatch(/^The body /);
  });

  it("are not fetched for a document type that only has a name", () => {
    const doctype = '<!DOCTYPE cXML SYSTEM "http://xml.example.com/1.2/cXML.dtd">';
    expect(xml(`<?xml version="1.0"?>\n${doctype}\n<cXML><a>&x;</a></cXML>`)).toEqual({ cXML: { a: "&x;" } });
    expect(xml("<!DOCTYPE plist PUBLIC '-//A//DTD x [1.0]//EN' \"http://example.com/x>y.dtd\"><plist/>")).toEqual({
      plist: "",
    });
  });
});

describe("bounds of XML", () => {
  it("let elements nest 48 deep", () => {
    const nested = (depth: number) => `${"<a>".repeat(depth)}${"</a>".repeat(depth)}`;
    expect(JSON.stringify(xml(nested(48)))).toContain('{"a":""}');
    expect(refusal(nested(49), { type: "text/xml" })).toContain("48 deep");
    expect(refusal("<a>".repeat(50_000), { type: "text/xml" })).toContain("XML");
  });

  it("let there be so many tags and attributes", () => {
    expect(refusal(`<r>${"<a/>".repeat(100_001)}</r>`, { type: "text/xml" })).toContain("100000");
    const attributes = Array.from({ length: 50_001 }, (_, i) => `a${i} = '1'`).join(" ");
    expect(refusal(`<r ${attributes}/>`, { type: "text/xml" })).toContain("50000");
    expect(xml(`<r>${"=".repeat(60_000)}</r>`)).toEqual({ r: "=".repeat(60_000) });
  });
});

it("a text that is sent as JSON is refused with what would accept it", () => {
  for (const text of ["Backup failed", "ERROR: disk", "!"]) {
    expect(refusal(text, { type: "application/json" })).toMatch(/text\/plain.*\braw\b/);
  }
  expect(refusal('{"a":', { type: "application/json" })).not.toContain("raw");
});

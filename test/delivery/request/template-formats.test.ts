import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { renderBody } from "../../../src/delivery/request/body.ts";
import { eventOf } from "../presets/events.ts";

async function rendered(content_type: string, body: string, payload: object) {
  const template = { mode: "template", content_type, body } as const;
  const made = await renderBody(template, {}, "", eventOf("event.received", null, JSON.stringify(payload)));
  if (!made.ok) throw new Error(made.error);
  return { text: new TextDecoder().decode(made.value.bytes), content_type: made.value.content_type };
}

/** The names of the elements and the text of an XML document. Throws if it is not well-formed. */
function readXml(text: string): { readonly names: readonly string[]; readonly text: string } {
  const names: string[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name }) => names.push(name));
  parser.on("text", (part) => texts.push(part));
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(text).close();
  return { names, text: texts.join("") };
}

const HOSTILE = `</t><evil a="1">&lt;'"]]>&\u0000\u000b\ufffe`;
const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("a template of XML", () => {
  it.each(["application/xml", "text/xml; charset=utf-8", "application/soap+xml"])(
    "escapes the values of %s",
    async (type) => {
      const { text, content_type } = await rendered(type, '<a v="{{ x }}"><t>{{ x }}</t></a>', { x: HOSTILE });
      expect(content_type).toBe(type);
      expect(readXml(text)).toEqual({ names: ["a", "t"], text: `</t><evil a="1">&lt;'"]]>&` });
    },
  );

  it("is well-formed whatever a sender writes", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (x) => {
        const body = '<a v="{{ x }}">{% echo x %}{{ x | upcase }}{{ x | escape }}</a>';
        expect(readXml((await rendered("application/xml", body, { x })).text).names).toEqual(["a"]);
      }),
    );
  });

  it("escapes a value once, and not at all after `raw`", async () => {
    const body = "<a>{{ x | escape }}{{ x | xml_escape }}{% capture c %}{{ x }}{% endcapture %}{{ c | raw }}</a>";
    expect((await rendered("application/xml", body, { x: "&" })).text).toBe("<a>&amp;&amp;&amp;</a>");
    expect((await rendered("text/plain", "{{ x }}{{ x | raw }}", { x: "&" })).text).toBe("&&");
    // The same text in another format is another template.
    expect((await rendered("text/plain", "<t>{{ x }}</t>", { x: "&" })).text).toBe("<t>&</t>");
    expect((await rendered("text/xml", "<t>{{ x }}</t>", { x: "&" })).text).toBe("<t>&amp;</t>");
  });
});

describe("a template of a form", () => {
  const FORM = "application/x-www-form-urlencoded";

  it("has the fields of the template, whatever a sender writes", async () => {
    const body = "title={{ x }}\n  &fixed=1&{{ y | url_encode }}={{ x | url_encode }}\n";
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const x = given.toWellFormed();
        const { text, content_type } = await rendered(FORM, body, { x, y: "a b&c" });
        expect(content_type).toBe(FORM);
        expect([...new URLSearchParams(text)]).toEqual([
          ["title", x],
          ["fixed", "1"],
          ["a b&c", x],
        ]);
      }),
    );
  });
});

describe("a template of multipart/form-data", () => {
  it("has text fields and a file, whatever a sender writes", async () => {
    const body = "title={{ x }}\n&report@{{ id }}.json={{ x }}\n&last=";
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const x = `${given.toWellFormed()}\r\n--hookgate-evt_1\r\n`;
        const { text, content_type } = await rendered("multipart/form-data", body, { x, id: "a b" });
        const form = await new Response(text, { headers: { "content-type": content_type } }).formData();
        expect([...form.keys()]).toEqual(["title", "report", "last"]);
        expect(form.get("title")).toBe(x);
        const file = form.get("report");
        if (file === null || typeof file === "string") throw new Error("no file");
        expect([file.name, file.type, await file.text()]).toEqual(["a b.json", "application/json", x]);
      }),
    );
  });

  it("is the same on every attempt, and refused without fields or with two files", async () => {
    const once = await rendered("multipart/form-data; boundary=x", "a={{ x }}", { x: 1 });
    expect(await rendered("multipart/form-data; boundary=x", "a={{ x }}", { x: 1 })).toEqual(once);
    await expect(rendered("multipart/form-data", "{{ x }}", {})).rejects.toThrow("has no fields");
    await expect(rendered("multipart/form-data", "a@a.txt=1&b@b.txt=2", {})).rejects.toThrow("more than one file");
  });

  it("gets no file and no folder from a sender", async () => {
    const named = await rendered("multipart/form-data", "{{ x }}=1&report@{{ y }}.txt=2", {
      x: "a@b.txt",
      y: "../../c\\d\u0000",
    });
    const form = await new Response(named.text, { headers: { "content-type": named.content_type } }).formData();
    expect([...form.keys()]).toEqual(["a@b.txt", "report"]);
    expect(form.get("a@b.txt")).toBe("1");
    const file = form.get("report");
    expect(file === null || typeof file === "string" ? file : file.name).toBe(".._.._c_d_.txt");
  });
});

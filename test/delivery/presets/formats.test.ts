import fc from "fast-check";
import { expect, it } from "vitest";
import { writeForm, writeMultipart } from "../../../src/delivery/presets/data/formats.ts";

const text = fc.string({ unit: "binary", maxLength: 40 }).map((value) => value.toWellFormed());

it("a form is read as it was written, whatever it contains", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (fields) => {
      expect([...new URLSearchParams(writeForm(fields))]).toEqual(fields);
    }),
  );
});

it("a multipart body is read as it was written, whatever it contains", async () => {
  // What a form can contain: parsers normalize line breaks in names.
  const name = fc.stringMatching(/^[ !#-[\]-~é漢]{1,20}$/u);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 5 }),
      fc.array(text, { minLength: 5, maxLength: 5 }),
      async (names, values) => {
        const parts = names.map((each, index) => ({
          name: each,
          filename: index === 0 ? "a b.json" : null,
          content_type: index === 0 ? "application/json" : null,
          text: `${values[index] ?? ""}--hookgate-evt_1`,
        }));
        const { content_type, text: body } = writeMultipart("form-data", parts, "evt_1");
        if (names.length === 0) return;
        const form = await new Response(body, { headers: { "content-type": content_type } }).formData();
        for (const [index, part] of parts.entries()) {
          const value = form.get(part.name);
          expect(typeof value === "string" ? value : await value?.text()).toBe(part.text);
          expect(typeof value).toBe(index === 0 ? "object" : "string");
        }
      },
    ),
  );
});

it("a boundary is never in a part, and no name can add a header", () => {
  const part = {
    name: 'a"\r\nx-evil: 1',
    filename: null,
    content_type: null,
    text: "\r\n--hookgate-evt_1\r\n--hookgate-evt_1-1",
  };
  const { content_type, text: body } = writeMultipart("form-data", [part], "evt_1");
  expect(content_type).toBe("multipart/form-data; boundary=hookgate-evt_1-2");
  expect(body).toContain('name="a%22%0D%0Ax-evil: 1"');
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderUrl, urlTemplateFault } from "../../../src/delivery/request/url-template.ts";
import { UNSHARED } from "../../../src/model/budget.ts";

const TEMPLATE = "https://api.example.com/issue/{{ key }}/comment?by={{ key }}";

function render(key: unknown, template = TEMPLATE) {
  return renderUrl(template, { key: typeof key === "string" ? key : "" }, UNSHARED);
}

describe("a URL with values", () => {
  it.each([
    ["OPS-7", "OPS-7"],
    ["a/b", "a%2Fb"],
    ["a?b#c", "a%3Fb%23c"],
    ["v1.2", "v1%2E2"],
    ["100%", "100%25"],
    ["a b", "a%20b"],
    ["a&b=c", "a%26b%3Dc"],
    ["\\x\r\n", "%5Cx%0D%0A"],
    ["é'()*!", "%C3%A9%27%28%29%2A%21"],
  ])("encodes %j", (value, encoded) => {
    expect(render(value)).toEqual({
      ok: true,
      value: `https://api.example.com/issue/${encoded}/comment?by=${encoded}`,
    });
  });

  it.each(["..", ".", "%2e%2e", ""])("refuses a segment that is only %j, or encodes it", (value) => {
    const rendered = render(value);
    if (rendered.ok) expect(new URL(rendered.value).pathname).toMatch(/^\/issue\/[^/]+\/comment$/);
    else expect(rendered.error).toContain("URL");
  });

  it("refuses an empty value at the end of the path", () => {
    expect(render("", "https://api.example.com/issue/{{ key }}").ok).toBe(false);
    expect(render("", "https://api.example.com/issue/").ok).toBe(true);
  });

  it("escapes values after every filter, tag and capture", () => {
    for (const value of [
      "{{ key | raw }}",
      "{{ key | escape }}",
      "{{ key | url_encode | append: '/../x' }}",
      "{% echo key %}",
      "{% assign other = key %}{{ other }}",
      "{% capture other %}/{{ key }}{% endcapture %}{{ other }}",
      "{% liquid\necho key\n%}",
    ]) {
      const rendered = render("a/../b?c#d", `https://api.example.com/x/${value}/end`);
      expect([value, rendered.ok]).toEqual([value, true]);
      if (rendered.ok) {
        const url = new URL(rendered.value);
        expect([url.pathname.split("/").length, url.search, url.hash]).toEqual([4, "", ""]);
      }
    }
  });

  it("keeps its host and its shape whatever the values are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const rendered = render(value);
        if (!rendered.ok) return;
        const url = new URL(rendered.value);
        expect(url.origin).toBe("https://api.example.com");
        expect(url.pathname).toMatch(/^\/issue\/[^/]+\/comment$/);
        expect([...url.searchParams.keys()]).toEqual(["by"]);
        expect(url.hash).toBe("");
      }),
    );
  });

  it("has a literal host", () => {
    expect(urlTemplateFault("https://api.example.com")).toBeNull();
    expect(urlTemplateFault("https://api.example.com?x={{ key }}")).toBeNull();
    expect(urlTemplateFault("https://api.{{ key }}.com/")).not.toBeNull();
    expect(urlTemplateFault("https://api.example.com{% if key %}/{% endif %}")).not.toBeNull();
  });
});

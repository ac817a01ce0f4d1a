import { describe, expect, it } from "vitest";
import { AUDIT_KINDS } from "../../src/model/audit.ts";
import { auditSearch } from "../../src/dashboard/settings/audit-search.ts";
import { changedFields } from "../../src/dashboard/settings/changed-fields.ts";
import { enteredSecrets, fieldText, readDocument, secretNames } from "../../src/dashboard/settings/config-document.ts";
import { idParts } from "../../src/dashboard/settings/id-parts.ts";
import { expiresAt } from "../../src/dashboard/settings/expiry.ts";

describe("a configuration file", () => {
  const text = `
version: 1
integrations: { a: { type: catch, auth: { type: token, token: { env: A_TOKEN } } } }
destinations: { b: { url: "https://b.example", headers: { x-key: { env: B_KEY } }, tags: [{ env: B_TAG }] } }
`;

  it("names its secrets, of which only those that were entered are sent", () => {
    const names = secretNames(readDocument(text));
    expect(names).toEqual(["A_TOKEN", "B_KEY", "B_TAG"]);
    expect(
      enteredSecrets(
        names,
        new Map([
          ["B_KEY", "x"],
          ["A_TOKEN", ""],
          ["OTHER", "y"],
        ]),
      ),
    ).toEqual({ B_KEY: "x" });
  });

  it("shows a field as text, and none of an entry that is not there", () => {
    const document = readDocument(text);
    expect(fieldText(document, "destination", "b", "url")).toBe("https://b.example");
    expect(fieldText(document, "integration", "a", "auth")).toBe('{"type":"token","token":{"env":"A_TOKEN"}}');
    expect(fieldText(document, "route", "toString", "name")).toBeNull();
  });

  it.each(["", "[1]", "version: [", "a: &a [*a]\n<<: x: y"])("%j is refused", (wrong) => {
    expect(() => readDocument(wrong)).toThrow(Error);
  });
});

describe("an entry of the audit trail", () => {
  it("has each field before and after", () => {
    expect(changedFields({ before: { a: 1 }, after: { a: 2, b: "new" } })).toEqual([
      { name: "a", before: "1", after: "2" },
      { name: "b", before: null, after: "new" },
    ]);
    expect(changedFields({ before: null, after: null })).toEqual([]);
  });
});

it("a token ends after the days that were chosen, or never", () => {
  expect(expiresAt("never", 0)).toBeNull();
  expect(expiresAt("30d", 0)).toBe("1970-01-31T00:00:00.000Z");
});

describe("the ids in a value of the audit trail", () => {
  const ID = "dst_1m8jcfjzr0005wjpm544tf0001";

  it.each([
    [`["${ID}"]`, ['["', ID, '"]']],
    [ID, [ID]],
    ["", []],
    ["none", ["none"]],
    ["dst_short and xdst_1m8jcfjzr0005wjpm544tf0001", ["dst_short and xdst_1m8jcfjzr0005wjpm544tf0001"]],
    [`${ID},${ID}`, [ID, ",", ID]],
  ])("of %j are split from the text", (text, parts) => {
    expect(idParts(text).map((part) => part.text)).toEqual(parts);
    expect(idParts(text).every(({ text: part, isId }) => isId === (part === ID))).toBe(true);
  });

  it.each(["int", "dst", "rte", "trf", "evt", "alr", "dlv", "rpl", "tok"])("can begin with %s_", (prefix) => {
    const text = ID.replace("dst", prefix);
    expect(idParts(text)).toEqual([{ text, isId: true }]);
  });
});

it("the audit trail can be filtered by each kind that the gateway records", () => {
  expect(AUDIT_KINDS.map((kind) => auditSearch({ kind }).kind)).toEqual([...AUDIT_KINDS]);
});

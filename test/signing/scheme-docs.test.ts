/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";
import index from "../../docs/authentication.md?raw";
import { INBOUND_SCHEMES, SIGNATURE_SCHEMES } from "../../src/signing/schemes/registry.ts";
import { SENDERS } from "../support/senders.ts";

const PAGES = import.meta.glob<string>("../../docs/signatures/*.md", { query: "?raw", import: "default", eager: true });

const pageOf = (scheme: string): string => PAGES[`../../docs/signatures/${scheme}.md`] ?? "";

describe.each(SIGNATURE_SCHEMES)("the page of the scheme %s", (scheme) => {
  it("shows how to choose it and is linked from the index", () => {
    expect(pageOf(scheme)).toContain(`"${scheme}"`);
    expect(index).toContain(`[\`${scheme}\`](signatures/${scheme}.md)`);
  });

  it("names the header of the signature", () => {
    const headers = SENDERS.filter(({ settings }) => settings.scheme === scheme).map(({ header }) => header);
    const custom = ["x-acme-signature", "x-alert-signature"];
    const page = pageOf(scheme).toLowerCase();
    expect(headers.filter((header) => !page.includes(header) && !custom.includes(header))).toEqual([]);
  });

  it("describes every option", () => {
    const options = INBOUND_SCHEMES[scheme].options?.takes ?? [];
    const fields = options.map((option) => option.replace(/_hash$/, ""));
    expect(fields.filter((field) => !pageOf(scheme).includes(`\`${field}\``))).toEqual([]);
  });
});

it("every page is that of a scheme", () => {
  const names = Object.keys(PAGES).map((path) => path.replace(/^.*\/(.*)\.md$/, "$1"));
  expect(names.toSorted()).toEqual([...SIGNATURE_SCHEMES].toSorted());
});

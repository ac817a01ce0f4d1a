import { describe, expect, it } from "vitest";
import document from "../../src/api/openapi/document.json?raw";
import page from "../../docs/dashboard.md?raw";

const SOURCES = import.meta.glob<string>("../../src/dashboard/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const OPERATIONS = [...document.matchAll(/"operationId": "([^"]+)"/g)].map(([, id = ""]) => id);
const ROWS = [...page.matchAll(/^\| `([\w.]+)` \| (?:`([\w-]+)\/`|—) \|(.*)\|$/gm)].map(
  ([, id = "", folder = null, reason = ""]) => ({ id, folder, reason: reason.trim() }),
);

/** Whether a file of a folder uses the operation. The client has `all` beside each `list`. */
function isCalledIn(folder: string, id: string): boolean {
  const names = id.endsWith(".list") ? [id, id.replace(/list$/, "all")] : [id];
  return Object.entries(SOURCES).some(
    ([path, source]) =>
      path.startsWith(`../../src/dashboard/${folder}/`) &&
      names.some((name) => new RegExp(`client\\.${name.replaceAll(".", "\\.")}\\b`).test(source)),
  );
}

describe("the table of the API and the dashboard", () => {
  it("names each operation once, and no other", () => {
    expect(ROWS.map(({ id }) => id).toSorted()).toEqual(OPERATIONS.toSorted());
  });

  it("names a folder whose code calls the operation", () => {
    const wrong = ROWS.filter(({ id, folder }) => folder !== null && !isCalledIn(folder, id));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it("gives a reason for each operation that the dashboard does not use", () => {
    expect(ROWS.filter(({ folder, reason }) => folder === null && reason === "")).toEqual([]);
  });
});

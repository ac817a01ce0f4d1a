import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";

const FILE = new URL("../../src/api/openapi/document.json", import.meta.url);

function read(): Record<string, unknown> {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** Every place that a part of a document refers to. */
function refsIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : refsIn(value),
  );
}

function at(document: unknown, ref: string): unknown {
  const parts = ref.replace(/^#\//, "").split("/");
  return parts.reduce<unknown>(
    (place, part) =>
      (typeof place === "object" && place !== null ? Object.entries(place) : []).find(([key]) => key === part)?.[1],
    document,
  );
}

test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  expect(await validator.validate(read())).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("an invalid document is refused", async () => {
  expect((await new Validator().validate({ ...read(), paths: { "no/slash": {} } })).valid).toBe(false);
});

test("every reference of the document leads somewhere, and every component is referred to", () => {
  const document = read();
  const refs = new Set(refsIn(document));
  expect([...refs].filter((ref) => at(document, ref) === undefined)).toEqual([]);
  const { schemas, responses, parameters, headers } = Object(document["components"]);
  const made = Object.entries({ schemas, responses, parameters, headers }).flatMap(([kind, each]) =>
    Object.keys(Object(each)).map((name) => `#/components/${kind}/${name}`),
  );
  expect(made.filter((ref) => !refs.has(ref))).toEqual([]);
});

import { expect, it } from "vitest";
import { captureFrom } from "../../src/model/captured.ts";

const RESPONSE = `{"key": "OPS-7", "id": 12345678901234567890, "small": 7, "done": true, "none": null, "empty": "",
  "list": [{"id": 1}, {"id": "two"}], "object": {"a": 1}, "long": "${"x".repeat(1_001)}", "fits": "${"x".repeat(1_000)}",
  "__proto__": {"evil": "x"}}`;

it("captures texts, numbers with all digits, and booleans, by path", () => {
  const capture = { key: "key", id: "id", small: "small", done: "done", second: "list.1.id", fits: "fits" };
  expect(captureFrom(RESPONSE, capture)).toEqual({
    key: "OPS-7",
    id: "12345678901234567890",
    small: "7",
    done: "true",
    second: "two",
    fits: "x".repeat(1_000),
  });
});

it("leaves out what is missing, empty, too long, or no single value", () => {
  const paths = ["nope", "none", "empty", "list", "object", "long", "list.9.id", "list.x", "key.length", "constructor"];
  expect(captureFrom(RESPONSE, Object.fromEntries(paths.map((path, index) => [`v${index}`, path])))).toEqual({});
});

it("captures nothing from what is no JSON", () => {
  for (const text of ["", "<html>", '{"key": "a"', "[".repeat(100_000)]) {
    expect(captureFrom(text, { key: "key" })).toEqual({});
  }
});

import { expect, test } from "vitest";
import { EMPTY, standIn } from "./stand-in.ts";

test("verify-log exits with 1 and names what is wrong", async () => {
  const { hookgate } = await standIn(({ path }) => {
    if (path === "/.well-known/hookgate-log")
      return { body: { gateway: "gate", at: "", shards: [], jws: "e30.e30.AA" } };
    return path === "/.well-known/jwks.json" ? { body: { keys: [] } } : EMPTY;
  });
  const { code, stdout, stderr } = await hookgate(["verify-log", "--json"]);
  expect([code, JSON.parse(stdout).segments]).toEqual([1, 0]);
  expect(stderr).toContain("error: The log is not as it was written.\n  The end of the chains is not signed");
});

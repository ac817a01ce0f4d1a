import { expect } from "vitest";
import { talk } from "./traffic.ts";

/** Calls every endpoint of transformations. */
export async function talkOfTransformations(): Promise<void> {
  const code = "export default (event) => ({ ...event, payload: null });\n";
  const { json } = await talk("POST", "/transformations", { name: "t", code, external_id: "t" });
  await talk("POST", "/integrations", { name: "hook", type: "catch", transformation_id: "t" });
  await talk("PATCH", `/transformations/${json.id}`, { code: `${code}//` });
  for (const path of ["/transformations?name=t", "/transformations/t", "/transformations/t/versions?limit=1"]) {
    expect((await talk("GET", path)).status).toBe(200);
  }
  await talk("POST", "/transformations/t/rollback", { version: 1 });
  await talk("POST", "/transformations/t/preview", { body: { a: 1 }, kind: "destination" });
  await talk("POST", "/transformation-previews", { code: "export default () => x;", body: 1 });
  expect((await talk("POST", "/transformations", { name: "t", code: "export default {" })).status).toBe(400);
  expect((await talk("DELETE", "/transformations/t")).status).toBe(409);
  await talk("DELETE", "/transformations/t?force=true");
}

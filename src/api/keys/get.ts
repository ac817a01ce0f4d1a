import { endpoint, returns } from "../endpoint.ts";
import { keyState, viewKeys } from "./fields.ts";

export const get = endpoint({
  id: "keys.get",
  method: "GET",
  path: "/keys",
  scope: "read",
  summary: "Get the keys and the progress of a rotation of MASTER_KEY",
  description: "`MASTER_KEY_PREVIOUS` may be removed when `remaining` is 0.",
  answers: { 200: returns(keyState, "The keys of the gateway.") },
}).handle(async ({ context }) => ({ status: 200, body: await viewKeys(context) }));

import { endpoint, returns } from "../endpoint.ts";
import { session, viewSession } from "./fields.ts";

export const get = endpoint({
  id: "sessions.getCurrent",
  method: "GET",
  path: "/sessions/current",
  scope: "read",
  summary: "Get the caller of this request",
  description: "A request with a token gets the holder of the token.",
  answers: { 200: returns(session, "The caller, and what it may do.") },
}).handle(async ({ caller }) => ({ status: 200, body: viewSession(caller) }));

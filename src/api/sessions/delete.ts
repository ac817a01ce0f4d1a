import { fail } from "../../model/result.ts";
import { deleteSession } from "../../storage/config/sessions.ts";
import { endpoint } from "../endpoint.ts";
import { noCookie } from "./cookie.ts";

export const remove = endpoint({
  id: "sessions.deleteCurrent",
  method: "DELETE",
  path: "/sessions/current",
  scope: "read",
  summary: "End the session of this request",
  answers: { 204: { description: "Ended. The answer removes the cookie." } },
  problems: { 404: "The request has a token instead of a session." },
}).handle(async ({ context, caller, url }) => {
  if (caller.session === null) {
    return fail({
      code: "not_found",
      title: "This request has no session.",
      detail: "A token ends when it is deleted.",
    });
  }
  await deleteSession(context.primary, caller.session);
  return { status: 204, body: null, headers: { "set-cookie": noCookie(url) } };
});

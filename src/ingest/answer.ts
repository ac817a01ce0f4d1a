import { type Problem, problemResponse } from "../http/problem.ts";

/** The answer to an accepted request, in the shape that Zapier's catch hooks answer in. */
export function acceptedResponse(eventId: string): Response {
  return Response.json({ status: "success", id: eventId, request_id: eventId, attempt: eventId });
}

const METHODS = "POST, PUT";

const WRONG_METHOD: Problem = {
  status: 405,
  title: "This address takes webhooks.",
  detail: `Send them by ${METHODS}.`,
  headers: { allow: METHODS },
};

export function wrongMethodResponse(): Response {
  return problemResponse(WRONG_METHOD);
}

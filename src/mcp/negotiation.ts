// The protocol lets a server answer a message with JSON or with a stream of events, and its clients name both in `Accept`. The
// library insists on both names. A request of `curl` or `fetch` has `*/*`, which accepts both, or none at all.

const JSON_TYPE = "application/json";
const STREAM_TYPE = "text/event-stream";

/** What a client reads: a stream if it asks for one, else JSON; null for neither. */
type Accepted = "stream" | "json" | null;

/** Returns which form of answer the header `Accept` of a request allows. */
export function acceptedForm(accept: string | null): Accepted {
  const ranges = (accept ?? "*/*").split(",").map((range) => range.split(";", 1)[0]?.trim().toLowerCase() ?? "");
  const takesJson = [JSON_TYPE, "application/*", "*/*", ""].some((range) => ranges.includes(range));
  if (!takesJson) return null;
  return ranges.includes(STREAM_TYPE) ? "stream" : "json";
}

/** The request with the header `Accept` that the library asks for. */
export function acceptingBoth(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("accept", `${JSON_TYPE}, ${STREAM_TYPE}`);
  return new Request(request, { headers });
}

/** The data of one event of a stream; null if it has none. */
function dataOf(event: string): string | null {
  const lines = event.split(/\r\n|[\r\n]/).filter((line) => line.startsWith("data:"));
  const data = lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
  return data === "" ? null : data;
}

/** The messages of a stream as JSON: one as it is, several as a list. Other responses stay as they are. */
export async function asJson(response: Response): Promise<Response> {
  if (response.headers.get("content-type")?.startsWith(STREAM_TYPE) !== true) return response;
  const events = (await response.text()).split(/\r\n\r\n|\n\n|\r\r/);
  const messages = events.map(dataOf).filter((data) => data !== null);
  const body = messages.length === 1 ? messages.join("") : `[${messages.join(",")}]`;
  return new Response(body, { status: response.status, headers: { "content-type": JSON_TYPE } });
}

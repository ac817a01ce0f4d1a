import type { DestinationEventRequest, DestinationRequestsInput } from "../../client/index.ts";
import { METHODS } from "../../model/destination.ts";
import { MESSAGE_TYPES, type MessageType } from "../../model/event-types.ts";

/** A method of the form. Empty is the destination's own. */
export const METHOD_CHOICES = ["", ...METHODS] as const;

/** The request of one type of event as the fields of its form hold it. An empty field leaves what the destination has. */
export type RequestDraft = {
  readonly method: (typeof METHOD_CHOICES)[number];
  readonly url: string;
  /** A header on each line. */
  readonly headers: string;
  readonly content_type: string;
  readonly body: string;
  /** A value on each line. */
  readonly capture: string;
};

export type RequestDrafts = Readonly<Partial<Record<MessageType, RequestDraft>>>;

export const NEW_REQUEST: RequestDraft = { method: "", url: "", headers: "", content_type: "", body: "", capture: "" };

function linesOf(values: Readonly<Record<string, string>> | undefined, mark: string): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${name}${mark}${value}`)
    .join("\n");
}

/** Returns the names and values of lines. A line without the mark has an empty value, which the gateway refuses. */
function valuesOf(lines: string, mark: string): Readonly<Record<string, string>> {
  const pairs = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): readonly [string, string] => {
      const at = line.indexOf(mark);
      return at === -1 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs);
}

function draftOf({ method, url, headers, content_type, body, capture }: DestinationEventRequest): RequestDraft {
  return {
    method: method ?? "",
    url: url ?? "",
    headers: linesOf(headers, ": "),
    content_type: content_type ?? "",
    body: body ?? "",
    capture: linesOf(capture, " = "),
  };
}

export function requestDraftsOf(requests: Readonly<Record<string, DestinationEventRequest>>): RequestDrafts {
  const known = MESSAGE_TYPES.flatMap((type) => {
    const request = requests[type];
    return request === undefined ? [] : [[type, draftOf(request)] as const];
  });
  return Object.fromEntries(known);
}

function inputOf({ method, url, headers, content_type, body, capture }: RequestDraft) {
  const ownHeaders = valuesOf(headers, ":");
  const captured = valuesOf(capture, "=");
  return {
    ...(method === "" ? {} : { method }),
    ...(url.trim() === "" ? {} : { url: url.trim() }),
    ...(Object.keys(ownHeaders).length === 0 ? {} : { headers: ownHeaders }),
    ...(content_type.trim() === "" ? {} : { content_type: content_type.trim() }),
    ...(body === "" ? {} : { body }),
    ...(Object.keys(captured).length === 0 ? {} : { capture: captured }),
  };
}

/** Returns what the API accepts. */
export function requestsInputOf(drafts: RequestDrafts): DestinationRequestsInput {
  const requests = MESSAGE_TYPES.flatMap((type) => {
    const draft = drafts[type];
    return draft === undefined ? [] : [[type, inputOf(draft)] as const];
  });
  return Object.fromEntries(requests);
}

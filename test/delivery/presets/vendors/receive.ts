import { DELIVERY_ID } from "../../../../src/delivery/request/rendered-body.ts";
import { MOMENTS } from "../../../../src/delivery/presets/data/preset-data.ts";
import { memberOf } from "../../../../src/model/json.ts";
import type { sentBy } from "../events.ts";
import { type Vendor, markupFault } from "./vendor.ts";

type Sent = Awaited<ReturnType<typeof sentBy>>;
type Request = Exclude<Sent, { readonly skipped: string }>;

const FORM = "application/x-www-form-urlencoded";
/** The id that the gateway puts into a request. */
const ID = "dlv_0123456789abcdef";

async function formData({ text, content_type }: Request): Promise<unknown> {
  const form = await new Response(text, { headers: { "content-type": content_type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (Object.hasOwn(fields, name)) throw new Error(`${name} is there twice`);
    fields[name] =
      typeof value === "string" ? value : { filename: value.name, type: value.type, text: await value.text() };
  }
  return fields;
}

/** Reads `multipart/related` of two parts, the first of which is JSON (RFC 2387). */
function related({ text, content_type }: Request): unknown {
  const boundary = /^multipart\/related; boundary=([\w-]{1,70})$/.exec(content_type)?.[1];
  if (boundary === undefined) throw new Error(`the content type is ${content_type}`);
  const [before, first = "", second = "", end, ...more] = text.split(`--${boundary}`);
  if (before !== "" || end !== "--\r\n" || more.length > 0) throw new Error("the parts cannot be told apart");
  const read = (part: string, type: string): string => {
    const start = `\r\nContent-Type: ${type}; charset=UTF-8\r\n\r\n`;
    if (!part.startsWith(start) || !part.endsWith("\r\n")) throw new Error("a part has other headers");
    return part.slice(start.length, -2);
  };
  return { metadata: JSON.parse(read(first, "application/json")), media: read(second, "text/plain") };
}

/** Reads the body of a request as the vendor does. Throws if it cannot be read. */
export async function bodyFor({ format = "json" }: Vendor, request: Request): Promise<unknown> {
  switch (format) {
    case "json":
      return JSON.parse(request.text);
    case "form": {
      const fields = [...new URLSearchParams(request.text)];
      if (new Set(fields.map(([name]) => name)).size < fields.length) throw new Error("a field is there twice");
      return Object.fromEntries(fields);
    }
    case "form-data":
      return await formData(request);
    case "related":
      return related(request);
  }
}

/** Returns the text at a place of a body, such as `fields.summary`; "" if there is none. */
export function textAt(body: unknown, place: string): string {
  const keys = place.split(".");
  const found = keys.reduce((within: unknown, key) => memberOf(within, key), body);
  return typeof found === "string" ? found : "";
}

function contentTypeOf({ format = "json", content_type = "application/json" }: Vendor): RegExp {
  switch (format) {
    case "json":
      return new RegExp(`^${content_type}$`);
    case "form":
      return new RegExp(`^${FORM}$`);
    case "form-data":
      return /^multipart\/form-data; boundary=[\w-]{1,70}$/;
    case "related":
      return /^multipart\/related; boundary=[\w-]{1,70}$/;
  }
}

/** Returns what a vendor refuses about a request. */
export async function refusals(vendor: Vendor, request: Request, base: string): Promise<readonly string[]> {
  const { method = "POST", url, headers = {}, max_bytes = Infinity, markup = {} } = vendor;
  const faults: string[] = [];
  const address = (request.url ?? base).replaceAll(DELIVERY_ID, ID);
  if ((request.method ?? "POST") !== method) faults.push(`the method is ${request.method}`);
  if (!url.test(address)) faults.push(`the address is ${address}`);
  if (!contentTypeOf(vendor).test(request.content_type)) faults.push(`the content type is ${request.content_type}`);
  for (const [name, value] of Object.entries(headers)) {
    const given = request.headers?.[name]?.replaceAll(DELIVERY_ID, ID) ?? "";
    if (!value.test(given)) faults.push(`the header ${name} is ${given}`);
  }
  if (new TextEncoder().encode(request.text).byteLength > max_bytes) faults.push("the body is too large");
  if (!request.text.isWellFormed() || /\\ud[89a-f]/.test(request.text)) faults.push("the body is broken text");
  const body = await bodyFor(vendor, request);
  const parsed = vendor.body.safeParse(body);
  for (const { path, message } of parsed.error?.issues ?? []) faults.push(`${path.join(".")}: ${message}`);
  for (const [place, kind] of Object.entries(markup)) {
    const fault = markupFault(textAt(body, place), kind);
    if (textAt(body, place) !== "" && fault !== null) faults.push(`${place} ${fault}: ${textAt(body, place)}`);
  }
  return faults;
}

/** The moments at which a vendor expects a request. */
export function momentsOf({ moments = MOMENTS }: Vendor) {
  return moments;
}

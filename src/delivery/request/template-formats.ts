import { type WrittenPart, writeForm, writeMultipart } from "../presets/data/formats.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import type { OutputFormat } from "../../templates/output-format.ts";

// Templates of XML and of forms. Their values are escaped for the format, so that a sender cannot add an element or a field.

const MARKS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** What XML 1.0 cannot contain, even escaped. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const XML: OutputFormat = {
  escape: (text) => text.replaceAll(/[&<>"']/g, (mark) => MARKS[mark] ?? mark),
  finished: ["escape", "escape_once", "xml_escape"],
};

const FORM: OutputFormat = {
  escape: (text) => encodeURIComponent(text),
  finished: ["url_encode", "cgi_escape"],
};

const FORM_TYPE = "application/x-www-form-urlencoded";
const MULTIPART_TYPE = "multipart/form-data";
const FILE_TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  xml: "application/xml",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
};
const TEXT_TYPE = "text/plain; charset=utf-8";

function essenceOf(contentType: string): string {
  return contentType.split(";", 1).join("").trim().toLowerCase();
}

/** Returns how the values of a template of this content type are escaped; null if they are not. */
export function formatFor(contentType: string): OutputFormat | null {
  const essence = essenceOf(contentType);
  if (essence === "application/xml" || essence === "text/xml" || essence.endsWith("+xml")) return XML;
  return essence === FORM_TYPE || essence === MULTIPART_TYPE ? FORM : null;
}

/** What a file's name cannot contain: it must not lead into another folder of the receiver. */
const NOT_IN_A_FILE_NAME = /[\p{Cc}/\\]/gu;

function decoded(name: string): string {
  return [...new URLSearchParams(`${name}=`)].map(([field]) => field).join("");
}

/** Returns a field of the form as a part. A name with `@` and a file's name makes a file, unless a value wrote the `@`: then it is encoded. */
function partOf(field: string): WrittenPart {
  const [written = ""] = field.split("=", 1);
  const text = [...new URLSearchParams(field)].map(([, value]) => value).join("");
  const at = written.indexOf("@");
  if (at === -1) return { name: decoded(written), filename: null, content_type: null, text };
  const filename = decoded(written.slice(at + 1)).replaceAll(NOT_IN_A_FILE_NAME, "_");
  const extension = filename.split(".").at(-1)?.toLowerCase() ?? "";
  const content_type = FILE_TYPES[extension] ?? TEXT_TYPE;
  return { name: decoded(written.slice(0, at)), filename, content_type, text };
}

/** Returns the body that a rendered template stands for. `seed` is the id of the event. The error says why there is none. */
export function formattedBody(
  contentType: string,
  rendered: string,
  seed: string,
): Result<{ readonly content_type: string; readonly text: string }, string> {
  const essence = essenceOf(contentType);
  if (formatFor(contentType) === XML)
    return ok({ content_type: contentType, text: rendered.replaceAll(NOT_IN_XML, "") });
  if (essence !== FORM_TYPE && essence !== MULTIPART_TYPE) return ok({ content_type: contentType, text: rendered });
  // Line breaks of the template between its fields. Those of values are encoded.
  const lines = rendered.split("\n").map((line) => line.trim());
  const form = lines.join("");
  if (essence === FORM_TYPE) return ok({ content_type: contentType, text: writeForm([...new URLSearchParams(form)]) });
  const fields = form.split("&").filter((field) => field !== "");
  if (fields.length === 0)
    return fail("The rendered template has no fields. Write `name=value` with `&` between fields.");
  const parts = fields.map(partOf);
  if (parts.filter(({ filename }) => filename !== null).length > 1)
    return fail("The rendered template has more than one file.");
  return ok(writeMultipart("form-data", parts, seed));
}

// Bodies in formats other than JSON. The same fields always give the same bytes: every attempt sends the same body.

/** A part of a multipart body as it is written. */
export type WrittenPart = {
  readonly name: string | null;
  readonly filename: string | null;
  readonly content_type: string | null;
  readonly text: string;
};

/** Writes fields as `application/x-www-form-urlencoded`. */
export function writeForm(fields: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of fields) form.append(name.toWellFormed(), value.toWellFormed());
  return form.toString();
}

/** Escapes a name in a header of a part, as the HTML standard says. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}"`;
}

/** Returns a boundary that is in no part. The sender cannot choose a text that contains it. */
function boundaryFor(seed: string, parts: readonly WrittenPart[]): string {
  const stem = `hookgate-${seed.replaceAll(/[^\w-]/g, "").slice(0, 40)}`;
  for (let number = 0; ; number++) {
    const boundary = number === 0 ? stem : `${stem}-${number}`;
    if (parts.every(({ text }) => !text.includes(boundary))) return boundary;
  }
}

function headersOf({ name, filename, content_type }: WrittenPart): readonly string[] {
  const file = filename === null ? "" : `; filename=${quoted(filename)}`;
  return [
    ...(name === null ? [] : [`Content-Disposition: form-data; name=${quoted(name)}${file}`]),
    ...(content_type === null ? [] : [`Content-Type: ${content_type}`]),
  ];
}

/** Writes parts as `multipart/form-data` or `multipart/related`. `seed` is the id of the event. */
export function writeMultipart(
  type: "form-data" | "related",
  parts: readonly WrittenPart[],
  seed: string,
): { readonly content_type: string; readonly text: string } {
  const boundary = boundaryFor(seed, parts);
  const written = parts.map((part) => [`--${boundary}`, ...headersOf(part), "", part.text, ""].join("\r\n"));
  return { content_type: `multipart/${type}; boundary=${boundary}`, text: `${written.join("")}--${boundary}--\r\n` };
}

/** Returns the codings of a `Content-Encoding`, in the order in which they were applied. */
export function codingsOf(contentEncoding: string | null): readonly string[] {
  if (contentEncoding === null) return [];
  const codings = contentEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== "" && coding !== "identity");
}

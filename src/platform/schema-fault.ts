/** Returns whether an error of D1 says that the database lacks a table or a column. */
export function isSchemaFault(error: unknown): boolean {
  return error instanceof Error && /no such (?:table|column)|has no column named/i.test(error.message);
}

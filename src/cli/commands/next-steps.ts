import type { JsonObject } from "../../client/index.ts";
import type { Kind } from "../names.ts";
import { field, object } from "../rows.ts";
import { oneLine } from "../terminal/text.ts";

/** A thing as an argument in a shell: its name, or its id if the name has characters that are not shown as they are. */
function quoted(created: JsonObject): string {
  const name = field(created, "name");
  if (oneLine(name) !== name) return field(created, "id");
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a sender must send to be accepted. */
function proofOf(auth: JsonObject): string {
  switch (field(auth, "type")) {
    case "token":
      return `, with the header \`${field(auth, "header")}\` and the token`;
    case "bearer":
      return ", with the header `authorization: Bearer` and the token";
    case "basic":
      return ", with the user name and the password";
    case "signature":
      return `, signed as ${field(auth, "scheme")} does with the secret`;
    default:
      return "";
  }
}

/** What follows after something was created. */
export function nextSteps(kind: Kind, created: JsonObject): readonly string[] {
  const name = quoted(created);
  switch (kind) {
    case "integration":
      return [
        oneLine(`Next: let the sender post to ${field(created, "url")}${proofOf(object(created, "auth"))}.`),
        `\`hookgate open ${field(created, "id")}\` shows where to enter the URL, and \`hookgate events tail --integration ${name}\` shows what arrives.`,
      ];
    case "destination":
      return [
        `Next: \`hookgate destinations test ${name}\` sends a test request, and \`hookgate routes create --name NAME --destination ${name}\` sends events to it.`,
      ];
    case "transformation":
      return [
        `Next: \`hookgate transformations preview ${name} --event evt_…\` shows what it returns, and \`hookgate integrations update NAME --transformation ${name}\` uses it.`,
      ];
    case "route":
      return ["Next: `hookgate deliveries tail` shows what is delivered."];
  }
}

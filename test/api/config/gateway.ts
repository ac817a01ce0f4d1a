import { forgetContext } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, request, unchecked } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

/** The document of the gateway as it is sent, and its entity tag. */
export async function pull(): Promise<{ readonly text: string; readonly etag: string }> {
  const { status, text, headers } = await request("/config");
  if (status !== 200) throw new Error(text);
  return { text, etag: headers.get("etag") ?? "" };
}

type Document = Readonly<Record<string, unknown>>;
type Options = Parameters<typeof client.config.apply>[1];

/** Applies a document. The result may be a refusal. */
export async function send(document: Document | string, query: Options = {}, secrets: object = {}) {
  const body: unknown = typeof document === "string" ? JSON.parse(document) : document;
  return await client.config.apply(unchecked({ ...Object(body), secrets }), query);
}

/** Applies a document, and returns the answer. Throws if it is refused. */
export async function apply(document: Document | string, query: Options = {}, secrets: object = {}) {
  return unwrap(await send(document, query, secrets));
}

/** The changes of an answer in short: `create destination chat`. */
export function shortly({ changes }: { readonly changes: readonly { action: string; kind: string; name: string }[] }) {
  return changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

/** A text that is a valid secret wherever one is called like that. */
function valueOf(name: string): string {
  if (/(?<!CLIENT)_SECRET/.test(name))
    return `whsec_${new TextEncoder().encode(name.padEnd(32, "_")).slice(-32).toBase64()}`;
  return `value0${name.replaceAll(/[^A-Za-z0-9]/g, "")}`.slice(0, 60);
}

/** A value for each secret that a document names. */
export function valuesFor(text: string): Record<string, string> {
  const names = [...text.matchAll(/\{"env":"(\w+)"\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

/** Leaves the gateway without any configuration. */
export async function empty(): Promise<void> {
  for (const table of [
    tables.integrations,
    tables.destinations,
    tables.routes,
    tables.integration_addresses,
    tables.transformations,
    tables.transformation_versions,
  ]) {
    await table.delete({});
  }
  forgetContext();
}

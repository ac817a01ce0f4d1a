import { env } from "cloudflare:workers";
import { contextOf } from "../../src/context.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { changeConfig } from "../../src/storage/config/revision.ts";
import { insertTransformation, updateTransformation } from "../../src/storage/config/transformations.ts";
import { transformationWith } from "./configuration.ts";

const db = asPrimary(env.DB);
let count = 0;

/** Puts a transformation into the database. Returns its id. */
export async function insertCode(code: string, name = "Redact"): Promise<string> {
  count += 1;
  const id = `trf_${String(count).padStart(28, "0")}`;
  await changeConfig(db, [...insertTransformation(db, transformationWith({ id, name, code }))]);
  contextOf(env).caches.config.forget();
  return id;
}

/** Puts a function's body into the database, as a transformation. Returns its id. */
export async function insertBody(body: string, name?: string): Promise<string> {
  return await insertCode(`export default function (event, context) {\n${body}\n}\n`, name);
}

/** Gives a transformation another function. */
export async function changeBody(id: string, body: string): Promise<void> {
  const code = `export default function (event, context) {\n${body}\n}\n`;
  await updateTransformation(db, id, { code, updated_at: new Date().toISOString() }, []);
  contextOf(env).caches.config.forget();
}

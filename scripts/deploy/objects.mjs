import { listOf } from "./survey.mjs";

const PAGE = 1000;
const AT_A_TIME = 8;

/** @param {string} key a slash in it stays one */
const pathOf = (key) => key.split("/").map(encodeURIComponent).join("/");

/**
 * The keys of a bucket, a page at a time.
 * @param {import("./api.mjs").Api} api
 * @param {string} bucket
 * @returns {AsyncGenerator<string[]>}
 */
export async function* keysOf(api, bucket) {
  let cursor = "";
  do {
    const query = `per_page=${PAGE}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const { result, info } = await api.page(`/r2/buckets/${bucket}/objects?${query}`);
    const keys = listOf(result).map((object) => String(object["key"]));
    yield keys;
    cursor = info?.is_truncated === true && keys.length > 0 ? String(info.cursor ?? "") : "";
  } while (cursor !== "");
}

/**
 * Runs a task for each item, some at a time.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<unknown>} task
 */
async function forEach(items, task) {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/**
 * Deletes all objects of a bucket: Cloudflare deletes only an empty one.
 * @param {import("./api.mjs").Api} api
 * @param {string} bucket
 * @param {(line: string) => void} note
 */
export async function emptyBucket(api, bucket, note) {
  const all = [];
  for await (const keys of keysOf(api, bucket)) all.push(...keys);
  if (all.length > 0) note(`deleting ${all.length} objects of ${bucket}`);
  await forEach(all, (key) => api.remove(`/r2/buckets/${bucket}/objects/${pathOf(key)}`));
}

/**
 * Reads an object; null if there is none.
 * @param {import("./api.mjs").Api} api
 * @param {string} bucket
 * @param {string} key
 */
export async function readObject(api, bucket, key) {
  const found = await api.bytes(`/r2/buckets/${bucket}/objects/${pathOf(key)}`);
  return found === null ? null : { key, content_type: found.contentType, metadata: {}, body: found.body };
}

/**
 * Writes an object. The API takes no metadata of one's own.
 * @param {import("./api.mjs").Api} api
 * @param {string} bucket
 * @param {{ key: string, content_type: string | null, body: Buffer }} object
 */
export async function writeObject(api, bucket, { key, content_type: contentType, body }) {
  await api.upload(`/r2/buckets/${bucket}/objects/${pathOf(key)}`, body, contentType ?? "application/octet-stream");
}

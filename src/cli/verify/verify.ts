import type { JsonObject } from "../../client/index.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";
import { count, field, object, objects } from "../rows.ts";
import { chainedTo, fromHex, hashOfRow, isSignedBy, rootOf, textOfPart } from "./hashes.ts";

// Verifies the cold part of a gateway's log: signatures, hashes, roots and chains.

/** Reads JSON of a gateway. Throws if it does not respond with a success. */
export type ReadJson = (path: string, query?: Readonly<Record<string, string | number>>) => Promise<JsonObject>;

/** What is wrong, and how much was compared. `shown`: the events whose rows were hashed again. */
export type LogReport = {
  readonly segments: number;
  readonly events: number;
  readonly shown: number;
  readonly faults: readonly string[];
};

/** A damaged segment can have a fault for each of its events. */
const MAX_FAULTS_OF_SEGMENT = 20;
const PAGE = 250;

type Link = { readonly id: string; readonly sequence: number; readonly root: string };
type Verified = {
  readonly shard: number;
  readonly link: Link;
  readonly entries: number;
  readonly shown: number;
  readonly faults: readonly string[];
};

function linkOf(row: JsonObject): Link {
  return { id: field(row, "id"), sequence: count(row, "sequence"), root: field(row, "root") };
}

/** Returns the payload of a JWS, or null if no key of the gateway has signed it. */
async function readSigned(read: ReadJson, jws: string): Promise<JsonObject | null> {
  const [header = "", payload = ""] = jws.split(".");
  const { kid } = parseJson<JsonObject>(textOfPart(header));
  const keys = objects(await read("/.well-known/jwks.json"), "keys");
  const key = keys.find((each) => each["kid"] === kid);
  if (key === undefined || !(await isSignedBy(field(key, "x"), jws))) return null;
  return parseJson<JsonObject>(textOfPart(payload));
}

async function* segmentIds(read: ReadJson): AsyncGenerator<string> {
  let cursor = "";
  do {
    const page = await read("/api/v1/segments", { limit: PAGE, ...(cursor === "" ? {} : { cursor }) });
    for (const row of objects(page, "data")) yield field(row, "id");
    cursor = field(page, "next_cursor");
  } while (cursor !== "");
}

/** Reads a segment and computes its root. */
async function verifySegment(read: ReadJson, id: string): Promise<Verified> {
  const hashes: Uint8Array[] = [];
  const faults: string[] = [];
  let segment: JsonObject = {};
  let isWhole = true;
  let shown = 0;
  let cursor = "";
  do {
    const page = await read(`/api/v1/segments/${id}`, cursor === "" ? {} : { cursor });
    segment = object(page, "segment");
    const damage = field(page, "damage");
    if (damage !== "") {
      isWhole = false;
      faults.push(`${id}: ${damage}`);
    }
    for (const entry of objects(page, "data")) {
      const hash = field(entry, "hash");
      hashes.push(fromHex(hash));
      const { salt, row } = entry;
      if (typeof salt !== "string" || typeof row !== "string") continue;
      shown += 1;
      if ((await hashOfRow(salt, row)) !== hash)
        faults.push(`${id}: the row of ${field(entry, "id")} does not have its hash`);
    }
    cursor = field(page, "next_cursor");
  } while (cursor !== "");
  const written = count(segment, "written");
  if (isWhole && hashes.length !== written) faults.push(`${id}: it has ${hashes.length} of ${written} entries`);
  if (isWhole && (await rootOf(hashes)) !== field(segment, "root"))
    faults.push(`${id}: its entries do not have its root`);
  const counted = { entries: hashes.length, shown, faults: faults.slice(0, MAX_FAULTS_OF_SEGMENT) };
  return { shard: count(segment, "shard"), link: linkOf(segment), ...counted };
}

/** Follows the chain of a shard from its oldest segment to its end. Returns what is wrong, or null. */
async function followChain(chain: JsonObject, links: readonly Link[]): Promise<string | null> {
  const oldest = object(chain, "oldest");
  if (field(oldest, "id") === "") return null;
  const shard = count(chain, "shard");
  const known = new Map([...objects(chain, "dropped").map(linkOf), ...links].map((link) => [link.sequence, link]));
  let end = field(oldest, "previous");
  for (let place = count(oldest, "sequence"); place <= count(chain, "sequence"); place++) {
    const link = known.get(place);
    if (link === undefined) return `shard ${shard}: the segment number ${place} is not there`;
    end = await chainedTo(end, link.id, link.root);
  }
  return end === field(chain, "head") ? null : `shard ${shard}: the chain does not end as the gateway has signed`;
}

/** Verifies all segments of a gateway. `progress` gets the number of those that are done. Throws if the gateway cannot be read. */
export async function verifyLog(read: ReadJson, progress: (done: number) => void = () => {}): Promise<LogReport> {
  const { jws, ...shown } = await read("/.well-known/hookgate-log");
  const signed = await readSigned(read, typeof jws === "string" ? jws : "");
  const faults = signed === null ? ["The end of the chains is not signed by a key of the gateway."] : [];
  if (signed !== null && writeJson(signed) !== writeJson(shown))
    faults.push("The signed chains are others than those shown.");
  const links = new Map<number, Link[]>();
  const done = { segments: 0, events: 0, shown: 0 };
  for await (const id of segmentIds(read)) {
    const verified = await verifySegment(read, id);
    const ofShard = links.get(verified.shard);
    if (ofShard === undefined) links.set(verified.shard, [verified.link]);
    else ofShard.push(verified.link);
    faults.push(...verified.faults);
    done.segments += 1;
    done.events += verified.entries;
    done.shown += verified.shown;
    progress(done.segments);
  }
  for (const chain of objects(shown, "shards")) {
    const fault = await followChain(chain, links.get(count(chain, "shard")) ?? []);
    if (fault !== null) faults.push(fault);
  }
  return { ...done, faults };
}

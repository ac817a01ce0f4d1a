// Verifies the cold part of a gateway's log over its API: signatures, hashes, roots and chains. It uses what the web has, too.

/**
 * @typedef {{ url: string, token: string, fetch?: typeof fetch }} Gateway
 * @typedef {{ id: string, shard: number, sequence: number, root: string, previous: string, chained: string, written: number }} Segment
 * @typedef {{ id: string, hash: string, salt: string | null, row: string | null }} Entry
 * @typedef {{ shard: number, sequence: number, head: string, oldest: { id: string, sequence: number, previous: string, root: string } | null,
 *   dropped: readonly { id: string, sequence: number, root: string }[] }} Chain
 * @typedef {{ segments: number, events: number, shown: number, faults: readonly string[] }} Report
 */

const encoder = new TextEncoder();

/** @param {string} hex */
function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** @param {Uint8Array} bytes */
function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** @param {readonly Uint8Array[]} parts */
async function sha256(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {string} previous @param {string} id @param {string} root */
async function chainedTo(previous, id, root) {
  return toHex(await sha256(fromHex(previous), encoder.encode(id), fromHex(root)));
}

/** @param {Gateway} gateway @param {string} path @returns {Promise<any>} */
async function read({ url, token, fetch: call = fetch }, path) {
  const response = await call(`${url.replace(/\/$/, "")}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok)
    throw new Error(`GET ${path} returned ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return await response.json();
}

/**
 * Returns the payload of a JWS, or null if no key of the gateway has signed it.
 * @param {Gateway} gateway @param {string} jws @returns {Promise<any>}
 */
async function readSigned(gateway, jws) {
  const { keys } = await read(gateway, "/.well-known/jwks.json");
  const [header = "", payload = "", signature = ""] = jws.split(".");
  const text = (/** @type {string} */ part) => new TextDecoder().decode(fromBase64Url(part));
  const { kid } = JSON.parse(text(header));
  const key = keys.find((/** @type {{ kid: string }} */ each) => each.kid === kid);
  if (key === undefined) return null;
  const imported = await crypto.subtle.importKey("raw", fromBase64Url(key.x), { name: "Ed25519" }, false, ["verify"]);
  const signed = encoder.encode(`${header}.${payload}`);
  const isValid = await crypto.subtle.verify("Ed25519", imported, fromBase64Url(signature), signed);
  return isValid ? JSON.parse(text(payload)) : null;
}

/** @param {Gateway} gateway @returns {Promise<string[]>} */
async function listSegments(gateway) {
  /** @type {string[]} */
  const ids = [];
  /** @type {string | null} */
  let cursor = "";
  while (cursor !== null) {
    const page = await read(gateway, `/api/v1/segments?limit=250${cursor === "" ? "" : `&cursor=${cursor}`}`);
    ids.push(...page.data.map((/** @type {{ id: string }} */ { id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

/**
 * Reads a segment and computes its root.
 * @param {Gateway} gateway @param {string} id
 * @returns {Promise<{ segment: Segment, entries: number, shown: number, faults: string[] }>}
 */
async function verifySegment(gateway, id) {
  /** @type {Uint8Array[]} */
  const hashes = [];
  /** @type {string[]} */
  const faults = [];
  /** @type {Segment | null} */
  let segment = null;
  /** @type {string | null} */
  let cursor = "";
  /** @type {string | null} */
  let damage = null;
  let shown = 0;
  while (cursor !== null) {
    const page = await read(gateway, `/api/v1/segments/${id}${cursor === "" ? "" : `?cursor=${cursor}`}`);
    segment = page.segment;
    if (typeof page.damage === "string") damage = page.damage;
    for (const { id: event, hash, salt, row } of /** @type {Entry[]} */ (page.data)) {
      hashes.push(fromHex(hash));
      if (salt === null || row === null) continue;
      shown += 1;
      if (toHex(await sha256(fromHex(salt), encoder.encode(row))) !== hash)
        faults.push(`${id}: the row of ${event} does not have its hash`);
    }
    cursor = page.next_cursor;
  }
  if (segment === null) throw new Error(`The segment ${id} has no pages.`);
  if (damage !== null) return { segment, entries: hashes.length, shown, faults: [...faults, `${id}: ${damage}`] };
  if (hashes.length !== segment.written) faults.push(`${id}: it has ${hashes.length} of ${segment.written} entries`);
  if (toHex(await sha256(...hashes)) !== segment.root) faults.push(`${id}: its entries do not have its root`);
  return { segment, entries: hashes.length, shown, faults };
}

/**
 * Follows the chain of a shard from its oldest segment to its end.
 * @param {Chain} chain @param {readonly Segment[]} segments @returns {Promise<string[]>}
 */
async function followChain({ shard, sequence, head, oldest, dropped }, segments) {
  if (oldest === null) return [];
  const links = new Map([...dropped, ...segments].map((each) => [each.sequence, each]));
  let end = oldest.previous;
  for (let place = oldest.sequence; place <= sequence; place++) {
    const link = links.get(place);
    if (link === undefined) return [`shard ${shard}: the segment number ${place} is not there`];
    end = await chainedTo(end, link.id, link.root);
  }
  return end === head ? [] : [`shard ${shard}: the chain does not end as the gateway has signed`];
}

/**
 * Verifies all segments of a gateway. Throws if it cannot be asked.
 * @param {Gateway} gateway @param {(id: string) => void} progress @returns {Promise<Report>}
 */
export async function verifyLog(gateway, progress = () => {}) {
  const { jws, ...shown } = await read(gateway, "/.well-known/hookgate-log");
  const signed = await readSigned(gateway, jws);
  const faults = signed === null ? ["The end of the chains is not signed by a key of the gateway."] : [];
  if (signed !== null && JSON.stringify(signed) !== JSON.stringify(shown))
    faults.push("The signed chains are others than those shown.");
  /** @type {Segment[]} */
  const segments = [];
  let events = 0;
  let rows = 0;
  for (const id of await listSegments(gateway)) {
    progress(id);
    const found = await verifySegment(gateway, id);
    segments.push(found.segment);
    events += found.entries;
    rows += found.shown;
    faults.push(...found.faults);
  }
  for (const chain of /** @type {Chain[]} */ (shown.shards)) {
    faults.push(
      ...(await followChain(
        chain,
        segments.filter(({ shard }) => shard === chain.shard),
      )),
    );
  }
  return { segments: segments.length, events, shown: rows, faults };
}

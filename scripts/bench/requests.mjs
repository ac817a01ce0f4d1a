import { createHmac } from "node:crypto";

/** Requests of one length, as the load generator takes them. @typedef {{ bytes: Buffer, length: number }} Requests */
/** @typedef {{ method?: string, path: string, headers?: Record<string, string>, body?: string }} Request */

const DIGITS = 8;

/** @param {number} index */
export function numbered(index) {
  return String(index).padStart(DIGITS, "0");
}

/**
 * Returns the bytes of requests (`POST` by default), prepared before timing starts. All must have the same length.
 * @param {number} count
 * @param {(index: number) => Request} make
 * @returns {Requests}
 */
export function buildRequests(count, make) {
  const built = Array.from({ length: count }, (_, index) => {
    const { method = "POST", path, headers = {}, body = "" } = make(index);
    const lines = Object.entries({
      host: "127.0.0.1",
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  });
  const length = built[0]?.length ?? 0;
  if (built.some((each) => each.length !== length)) throw new Error("The requests are not of one length.");
  return { bytes: Buffer.concat(built), length };
}

/** A PagerTree create, with a key of its own. @param {number} index */
export function pagertreeCreate(index) {
  return JSON.stringify({
    event_type: "create",
    Id: `check-${numbered(index)}`,
    Title: "Disk usage above 90 % on db-primary-2",
    Description: "The volume /var/lib/postgresql has 41 GB of 500 GB left and fills at 2.1 GB an hour.",
    Urgency: "high",
    Tags: ["database", "disk", "production"],
    Meta: { incident: false, region: "eu-central-1", runbook: "https://wiki.example.com/runbooks/disk" },
  });
}

/** What a script would post to a catch hook. @param {number} index */
export function catchBody(index) {
  return JSON.stringify({
    n: numbered(index),
    kind: "order.paid",
    customer: { name: "Ada Example", email: "ada@example.com", country: "PT" },
    items: [
      { sku: "A-1001", quantity: 2, price_cents: 1250 },
      { sku: "B-2040", quantity: 1, price_cents: 7990 },
    ],
    total_cents: 10_490,
    note: "Leave the parcel with the neighbours if nobody is at home, please.",
  });
}

/**
 * Returns the headers of a Standard Webhooks signature with the current time.
 * @param {string} secret `whsec_…`
 * @param {string} id
 * @param {string} body
 */
export function signedHeaders(secret, id, body) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

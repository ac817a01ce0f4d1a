import { createSigners } from "../../../src/delivery/request/signers.ts";
import { importDataKeys } from "../../../src/crypto/data-keys.ts";
import { createKeyRing } from "../../../src/crypto/key-ring.ts";
import { openMasterKey } from "../../../src/crypto/master-key.ts";
import { newKeys, openKeys } from "../../../src/crypto/wraps.ts";

// Signs a body of 1 KB repeatedly with the functions that sign deliveries. Timed from outside, because a Worker's clock can
// stand still while it computes.

const BYTES = 1_024;
/** @type {Promise<import("../../../src/crypto/data-keys.ts").DataKeys> | undefined} */
let keys;

async function makeKeys() {
  const masters = { current: await openMasterKey(new Uint8Array(32).fill(7)), previous: null };
  return await importDataKeys(await openKeys(await newKeys(masters, null, 0), masters));
}

// A Worker may not make random keys before its first request.
const ring = createKeyRing({ load: () => (keys ??= makeKeys()) });
const signers = createSigners(ring);

/** @param {any} signing @returns {Promise<any>} what signers read of a destination */
async function destinationOf(signing) {
  const id = `dst_${signing.scheme}`;
  const secret = `whsec_${btoa("x".repeat(32))}`;
  const signing_secrets = [{ sealed: await ring.seal(secret, id), expires_at: null }];
  return { id, signing, signing_secrets };
}

export default {
  /** @param {Request} request */
  async fetch(request) {
    /** @type {any} */
    const asked = await request.json();
    const { signing, times } = asked;
    const destination = await destinationOf(signing);
    const body = new Uint8Array(BYTES).fill(120);
    const url = new URL("https://example.com/hooks");
    for (let index = 0; index < times; index++) {
      const signable = {
        id: `dlv_${index}`,
        now_ms: 1_800_000_000_000 + index,
        method: "POST",
        url,
        content_type: "application/json",
        body,
      };
      const signed = await signers.sign(destination, signable);
      if (!signed.ok) return new Response(signed.error, { status: 500 });
    }
    return new Response("signed");
  },
};

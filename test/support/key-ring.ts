import { type DataKeys, importDataKeys } from "../../src/crypto/data-keys.ts";
import { type KeyRing, createKeyRing } from "../../src/crypto/key-ring.ts";
import { openMasterKey } from "../../src/crypto/master-key.ts";
import { newKeys, openKeys } from "../../src/crypto/wraps.ts";

async function firstKeys(fill: number): Promise<DataKeys> {
  const current = await openMasterKey(new Uint8Array(32).fill(fill));
  const masters = { current, previous: null };
  return await importDataKeys(await openKeys(await newKeys(masters, current, 0), masters));
}

/** A ring with the keys that the first version derived from a master key of this byte: always the same, without a database. */
export function ringOf(fill: number): KeyRing {
  const keys = firstKeys(fill);
  return createKeyRing({ load: () => keys });
}

import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { KEY_PURPOSES, type StoredKey } from "../../model/key.ts";
import { readKeys } from "../../storage/config/keys.ts";
import type { Shown } from "../endpoint.ts";
import { answerSchema, time } from "../schema.ts";

const masterKeyId = z.string().check(z.describe("The id of a master key. It reveals nothing of the key."));

const key = z.strictObject({
  id: z.string().check(z.describe("For `sign`, the `kid` in `/.well-known/jwks.json`.")),
  purpose: z.enum(KEY_PURPOSES),
  created_at: time,
  expires_at: z.nullable(time).check(z.describe("Until when a replaced signing key signs, too.")),
  wrapped_under: z.array(masterKeyId),
});

export const keyState = answerSchema(
  "Keys",
  z.strictObject({
    current: masterKeyId,
    previous: z.nullable(masterKeyId),
    remaining: z.int().check(z.describe("The number of keys that lack a wrap under the current master key.")),
    progress: z.strictObject({ done: z.int(), total: z.int(), rotating: z.boolean() }),
    data: z.array(key),
  }),
);

/** Returns the purpose of a stored key; null if this version has none of that name. */
function purposeOf({ purpose }: StoredKey) {
  return KEY_PURPOSES.find((known) => known === purpose) ?? null;
}

/** Reads the keys and shows which master keys wrap them. */
export async function viewKeys({ primary, caches }: Context): Promise<Shown<typeof keyState>> {
  // The first isolate of a gateway makes the keys; without them nothing would remain to be wrapped.
  await caches.key_store.load();
  const [{ current, previous }, stored] = await Promise.all([caches.key_store.masterKeyIds(), readKeys(primary)]);
  const data = stored.flatMap((each) => {
    const purpose = purposeOf(each);
    if (purpose === null) return [];
    const { id, created_at, expires_at, wraps } = each;
    return [{ id, purpose, created_at, expires_at, wrapped_under: Object.keys(wraps) }];
  });
  const total = data.length;
  const done = data.filter(({ wrapped_under }) => wrapped_under.includes(current)).length;
  const progress = { done, total, rotating: previous !== null };
  return { current, previous, remaining: total - done, progress, data };
}

import type { Context } from "../../context.ts";
import { signJws } from "../../signing/jws.ts";
import { readPublishedChain } from "../../storage/segments/chain.ts";

/** How long a reader may keep the answer, in seconds. */
const MAX_AGE_SECONDS = 60;

/** Returns the ends of the chains of all shards, signed, for `/.well-known/hookgate-log`. Throws if D1 cannot be read. */
export async function publishedLogResponse({ shards, keys, clock }: Context): Promise<Response> {
  const chains = await Promise.all(
    shards.map(async ({ number, db }) => {
      const { sequence, head, oldest, dropped } = await readPublishedChain(db);
      const links = dropped.map(([place, id, root]) => ({ id, sequence: place, root }));
      return { shard: number, sequence, head, oldest, dropped: links };
    }),
  );
  const [key] = await keys.signingKeys(clock());
  const log = { gateway: await keys.gatewayId(), at: new Date(clock()).toISOString(), shards: chains };
  return Response.json(
    { ...log, jws: await signJws(log, key) },
    { headers: { "cache-control": `public, max-age=${MAX_AGE_SECONDS}` } },
  );
}

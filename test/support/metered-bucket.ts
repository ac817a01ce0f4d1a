import { env } from "cloudflare:workers";

/** How often a bucket was called. */
export type BucketMeter = { calls: number };

/** The real bucket, with its calls counted. */
export function meteredBucket(meter: BucketMeter): R2Bucket {
  return new Proxy(env.BODIES, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...values: unknown[]): unknown => {
        meter.calls += 1;
        return Reflect.apply(member, target, values);
      };
    },
  });
}

import type { RunnableTransformation, TransformationHead } from "../model/transformation.ts";
import { LruMap } from "../platform/lru.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { readCodes } from "../storage/config/transformation-codes.ts";

/** The characters of code that an isolate keeps. */
const MAX_CACHED = 4_000_000;
/** The transformations whose code one query reads: together a few MB. */
const MAX_READ = 32;

/** The code of transformations that an isolate has used lately. */
export type TransformationCache = {
  /**
   * Returns transformations with their code, by id. One that was deleted since the config was read is left out. Reads what it does
   * not know, 32 in a query. Throws if D1 cannot be read.
   */
  load(heads: readonly TransformationHead[]): Promise<ReadonlyMap<string, RunnableTransformation>>;
};

function keyOf({ id, version }: TransformationHead): string {
  return `${id} ${version}`;
}

/** Makes a cache over a database. A version never changes, so nothing in it becomes stale. */
export function createTransformationCache(db: PrimaryDatabase): TransformationCache {
  const cached = new LruMap<string, string>({ max: MAX_CACHED, weightOf: (_, code) => code.length + 1 });

  return {
    async load(heads) {
      const loaded = new Map<string, RunnableTransformation>();
      const missing: TransformationHead[] = [];
      for (const head of heads) {
        const code = cached.get(keyOf(head));
        if (code === undefined) missing.push(head);
        else loaded.set(head.id, { ...head, code });
      }
      for (let at = 0; at < missing.length; at += MAX_READ) {
        const wanted = missing.slice(at, at + MAX_READ);
        const codes = await readCodes(db, wanted);
        for (const head of wanted) {
          const code = codes.get(head.id);
          if (code === undefined) continue;
          cached.set(keyOf(head), code);
          loaded.set(head.id, { ...head, code });
        }
      }
      return loaded;
    },
  };
}

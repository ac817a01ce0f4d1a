import { queryOptions } from "@tanstack/react-query";
import { type Guide, readGuide } from "./guide.ts";

/** The pages of the documentation, each in a file of its own that is loaded when it is first shown. */
const PAGES = import.meta.glob<string>("../../../../docs/sources/*.md", { query: "?raw", import: "default" });

/** The guide of a type or a rule set; null if its page has none. */
export function guideQuery(name: string) {
  return queryOptions({
    queryKey: ["guide", name],
    queryFn: async (): Promise<Guide | null> => {
      const load = PAGES[`../../../../docs/sources/${name}.md`];
      return load === undefined ? null : readGuide(await load());
    },
    staleTime: Infinity,
  });
}

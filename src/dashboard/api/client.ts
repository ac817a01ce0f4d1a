import { createClient } from "../../client/index.ts";
import { parseJson, writeJson } from "../../model/portable-json.ts";

/** The client of the gateway that served the page. The session's cookie authenticates it, so no token is in reach of JavaScript. */
export const client = createClient({
  base_url: "",
  json: { parse: parseJson, stringify: writeJson },
});

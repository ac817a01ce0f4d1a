import type { Resource } from "../endpoint.ts";
import { get } from "./get.ts";
import { rotateSigning } from "./rotate-signing.ts";

export const keys: Resource = {
  tag: "keys",
  description:
    "The keys that seal, hash and sign, and how far a rotation of `MASTER_KEY` is. No answer contains a key.",
  endpoints: [get, rotateSigning],
};

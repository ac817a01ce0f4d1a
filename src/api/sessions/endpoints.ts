import type { Resource } from "../endpoint.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { get } from "./get.ts";

export const sessions: Resource = {
  tag: "sessions",
  description:
    "Sign-ins of browsers. A session does what its token may; it ends with the token, and after 12 hours without use. A change by a session needs the gateway's own `Origin`.",
  endpoints: [create, get, remove],
};

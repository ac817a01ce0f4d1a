import { type Block, readBlocks } from "./markdown.ts";

/** How a sender is set up, from its page in docs/sources. */
export type Guide = {
  /** What to do at the vendor. */
  readonly steps: readonly Block[];
  /** The authentication that the page recommends; null if it recommends none. */
  readonly auth: GuideAuth | null;
};
export type GuideAuth = {
  readonly type: "token" | "bearer" | "basic";
  readonly username: string | null;
};

const SECTION = /^## Set up\n(?<text>.*?)(?=^## |\s*$(?![\s\S]))/msu;
const AUTH = /"auth":\{"type":"(?<type>token|bearer|basic)"(?:,"username":"(?<username>[^"]*)")?/u;

/** The command of the page that creates the integration with the API. The dashboard has created it. */
function isCreation(block: Block): boolean {
  return block.kind === "code" && block.text.includes("/api/v1/integrations");
}

/** A sentence that only announces what follows, such as "Make an integration:". */
function isAnnouncement(block: Block): boolean {
  if (block.kind !== "paragraph") return false;
  const last = block.content.at(-1);
  return last !== undefined && last.kind === "text" && last.text.endsWith(":");
}

function isAuthType(text: string | undefined): text is GuideAuth["type"] {
  return text === "token" || text === "bearer" || text === "basic";
}

/** Reads the section "Set up" of a page; null if the page has none. */
export function readGuide(page: string): Guide | null {
  const text = SECTION.exec(page)?.groups?.["text"];
  if (text === undefined) return null;
  const blocks = readBlocks(text);
  const steps = blocks.filter((block, index) => {
    const next = blocks[index + 1];
    return !isCreation(block) && !(next !== undefined && isCreation(next) && isAnnouncement(block));
  });
  const { type, username } = AUTH.exec(text)?.groups ?? {};
  return { steps, auth: isAuthType(type) ? { type, username: username ?? null } : null };
}

export type Known = { readonly url: string; readonly token: string | null };

/** Puts the address of the integration, and its token if it is known, in the places that the page leaves open. */
export function fillIn(text: string, { url, token }: Known): string {
  const filled = text
    .replaceAll("https://…/integration/int_…", url)
    .replaceAll("<host>/integration/int_…", url.replace(/^https?:\/\//u, ""));
  return token === null ? filled : filled.replaceAll("<auth.token>", token);
}

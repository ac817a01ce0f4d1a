import { buffer } from "node:stream/consumers";
import { LocalServer } from "./local-server.mjs";

/** @typedef {{ name: string, mimeType: string, parents: string[], text: string }} File */

/** The parts of a multipart body, each with its content type. @param {string} body @param {string} boundary */
function partsOf(body, boundary) {
  const sections = body.split(`--${boundary}`);
  if (sections.shift() !== "" || sections.pop() !== "--\r\n") return null;
  return sections.map((section) => {
    const [head = "", ...rest] = section.replace(/^\r\n/, "").split("\r\n\r\n");
    const type = /^content-type: ([^;\r\n]+)/im.exec(head)?.[1] ?? "";
    return { type: type.toLowerCase(), text: rest.join("\r\n\r\n").replace(/\r\n$/, "") };
  });
}

/** As much of Google Drive as an upload needs, on this machine. It asks for a token of its authorization server. */
export class GoogleDrive extends LocalServer {
  /** @type {File[]} */
  files = [];
  /** @type {{ status: number, why: string }[]} */
  refused = [];

  /** @param {{ admits(authorization: string): boolean }} authorizationServer */
  constructor(authorizationServer) {
    super(async (request, response) => {
      const body = (await buffer(request)).toString();
      const url = new URL(request.url ?? "", this.origin);
      const { status, why } = authorizationServer.admits(request.headers.authorization ?? "")
        ? this.#take(`${request.method} ${url.pathname}`, url.searchParams, request.headers["content-type"] ?? "", body)
        : { status: 401, why: "Invalid Credentials" };
      if (status >= 300) this.refused.push({ status, why });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(status === 200 ? { id: `file-${this.files.length}` } : { error: { message: why } }));
    });
  }

  /**
   * @param {string} asked
   * @param {URLSearchParams} query
   * @param {string} contentType
   * @param {string} body
   */
  #take(asked, query, contentType, body) {
    if (asked !== "POST /upload/drive/v3/files" || query.get("uploadType") !== "multipart") {
      return { status: 404, why: "no such address" };
    }
    const boundary = /^multipart\/related; *boundary=([\w-]{1,70})$/.exec(contentType)?.[1];
    const parts = boundary === undefined ? null : partsOf(body, boundary);
    const [metadata, media, ...others] = parts ?? [];
    if (metadata?.type !== "application/json" || media?.type !== "text/plain" || others.length > 0) {
      return { status: 400, why: "Malformed multipart body." };
    }
    const { name, mimeType, parents = [] } = JSON.parse(metadata.text);
    if (typeof name !== "string" || mimeType !== "text/plain") return { status: 400, why: "metadata" };
    this.files.push({ name, mimeType, parents, text: media.text });
    return { status: 200, why: "" };
  }
}

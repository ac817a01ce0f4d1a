import { buffer } from "node:stream/consumers";
import { LocalServer } from "./local-server.mjs";

/** @typedef {{ key: string, summary: string, comments: string[], status: "To Do" | "Done" }} Issue */

/** A request that was refused, and why. @typedef {{ asked: string, status: number, why: string }} Refusal */

const EMAIL = "gateway@example.com";
const TOKEN = "an-api-token-of-the-demo";
/** The only transition of the workflow, to the status Done. */
const DONE = "31";

/** The text of a document, or null if it is none. @param {any} document */
function textOf(document) {
  if (document?.type !== "doc" || document.version !== 1 || !Array.isArray(document.content)) return null;
  const paragraphs = document.content.map((/** @type {any} */ each) =>
    each?.type === "paragraph" ? each.content.map((/** @type {any} */ leaf) => leaf.text).join("") : null,
  );
  return paragraphs.includes(null) ? null : paragraphs.join("\n");
}

/** As much of Jira Cloud as tickets need, on this machine. It refuses what Jira refuses. */
export class Jira extends LocalServer {
  /** @type {Issue[]} */
  issues = [];
  /** What was done, in order. @type {string[]} */
  done = [];
  /** @type {Refusal[]} */
  refused = [];
  /** Whether it responds with 503 to everything. */
  isDown = false;
  project = "OPS";

  constructor() {
    super(async (request, response) => {
      const asked = `${request.method} ${new URL(request.url ?? "", this.origin).pathname}`;
      const body = (await buffer(request)).toString();
      const {
        status,
        json,
        why = "",
      } = this.isDown
        ? { status: 503, json: null, why: "down" }
        : this.#answer(asked, request.headers.authorization ?? "", body);
      if (status >= 300) this.refused.push({ asked, status, why });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(json === null ? "" : JSON.stringify(json));
    });
  }

  /** The `auth` of a destination. */
  get auth() {
    return { type: "basic", username: EMAIL, password: TOKEN };
  }

  /** The `payload` of a destination. */
  get payload() {
    return {
      mode: "preset",
      preset: "jira",
      options: { project: this.project, issue_type: "Task", close_transition_id: DONE },
    };
  }

  /**
   * @param {string} asked
   * @param {string} authorization
   * @param {string} text
   * @returns {{ status: number, json: object | null, why?: string }}
   */
  #answer(asked, authorization, text) {
    /** @param {number} status @param {string} why */
    const refuse = (status, why) => ({ status, json: { errorMessages: [why] }, why });
    if (authorization !== `Basic ${Buffer.from(`${EMAIL}:${TOKEN}`).toString("base64")}`)
      return refuse(401, "who are you");
    /** @type {any} */
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return refuse(400, "no JSON");
    }
    if (asked === "POST /rest/api/3/issue") {
      const { project, issuetype, summary, description } = body.fields ?? {};
      if (project?.key !== this.project || issuetype?.name !== "Task") return refuse(400, "no such project or type");
      if (typeof summary !== "string" || summary.length > 255 || summary.includes("\n")) return refuse(400, "summary");
      if (textOf(description) === null) return refuse(400, "description");
      const key = `${this.project}-${this.issues.length + 1}`;
      this.issues.push({ key, summary, comments: [], status: "To Do" });
      this.done.push(`create ${key}`);
      return {
        status: 201,
        json: { id: String(10_000 + this.issues.length), key, self: `${this.origin}/rest/api/3/issue/${key}` },
      };
    }
    const [, key, what] = /^POST \/rest\/api\/3\/issue\/([^/]+)\/(comment|transitions)$/.exec(asked) ?? [];
    const issue = this.issues.find((each) => each.key === key);
    if (issue === undefined) return refuse(404, "Issue does not exist or you do not have permission to see it.");
    if (what === "comment") {
      const comment = textOf(body.body);
      if (comment === null) return refuse(400, "comment");
      issue.comments.push(comment);
      this.done.push(`comment ${key}`);
      return { status: 201, json: { id: String(issue.comments.length) } };
    }
    if (body.transition?.id !== DONE || issue.status === "Done") return refuse(400, "no such transition");
    issue.status = "Done";
    this.done.push(`close ${key}`);
    return { status: 204, json: null };
  }
}

import type { Seen } from "./world.ts";

// A system of tickets that is strict: a change of a ticket that it does not have is 404, and of one that is closed is 409.

type Ticket = { readonly key: string; readonly title: string; readonly comments: string[]; isClosed: boolean };

const BASE = "https://tracker.example.com";

/** The requests by which a destination keeps a ticket of each alert. */
export const TICKET_REQUESTS = {
  "alert.created": {
    url: `${BASE}/issues`,
    body: '{"title": {{ data.alert.title | json }}, "alert": {{ data.alert.id | json }}}',
    capture: { issue_key: "issue.key" },
  },
  "alert.updated": {
    url: `${BASE}/issues/{{ captured.issue_key }}/comments`,
    body: '{"text": {{ data.alert.title | json }}}',
  },
  "alert.acknowledged": { url: `${BASE}/issues/{{ captured.issue_key }}/comments`, body: '{"text": "acknowledged"}' },
  "alert.resolved": { method: "PUT", url: `${BASE}/issues/{{ captured.issue_key }}`, body: '{"state": "closed"}' },
} as const;

export class Tracker {
  readonly tickets: Ticket[] = [];
  /** What was asked, such as `create`, with the id of the delivery. */
  readonly asked: string[] = [];
  readonly refused: string[] = [];

  readonly #answers = new Map<string, Response>();

  /** Answers one request. One with the `webhook-id` of an earlier request gets the same answer and changes nothing. */
  answer(seen: Seen): Response {
    const id = seen.headers.get("webhook-id") ?? "";
    const known = this.#answers.get(id);
    if (known !== undefined) return known.clone();
    const answer = this.#act(seen);
    if (answer.ok) this.#answers.set(id, answer.clone());
    return answer;
  }

  #act({ method, url, body }: Seen): Response {
    const path = new URL(url).pathname;
    const given: unknown = JSON.parse(body);
    const text = (name: string): string => String(Reflect.get(Object(given), name));
    if (method === "POST" && path === "/issues") {
      const key = `OPS-${this.tickets.length + 1}`;
      this.tickets.push({ key, title: text("title"), comments: [], isClosed: false });
      this.asked.push("create");
      return Response.json({ issue: { key } }, { status: 201 });
    }
    const [, key = "", rest] = /^\/issues\/([^/]+)(\/comments)?$/.exec(path) ?? [];
    const ticket = this.tickets.find((each) => each.key === decodeURIComponent(key));
    if (ticket === undefined || ticket.isClosed) {
      this.refused.push(`${method} ${path}`);
      return new Response("no such ticket", { status: ticket === undefined ? 404 : 409 });
    }
    if (rest === undefined) {
      ticket.isClosed = true;
      this.asked.push("close");
    } else {
      ticket.comments.push(text("text"));
      this.asked.push("comment");
    }
    return Response.json({});
  }
}

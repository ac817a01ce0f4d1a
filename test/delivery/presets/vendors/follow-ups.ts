import * as z from "zod/mini";
import { type Markup, bytesUpTo, oneOf, upTo } from "./vendor.ts";

// What vendors of tickets document about requests for a ticket that is there. `ID` in an address stands for the id that the vendor gave it.

/** One kind of request about a ticket. */
export type TicketRule = {
  readonly what: "comment" | "close";
  readonly method: string;
  /** The address, with ID. */
  readonly url: string;
  readonly body: z.ZodMiniType;
  readonly markup?: Readonly<Record<string, Markup>>;
  /** Reads the id of the ticket from the body, if it is not in the address. */
  readonly id_at?: string;
};

export type TicketVendor = {
  /** The response to the request that makes a ticket with this id. */
  readonly made: (id: string) => unknown;
  /** An id as the vendor makes them. */
  readonly id: string;
  readonly rules: readonly TicketRule[];
};

const paragraph = z.strictObject({
  type: z.literal("paragraph"),
  content: z.array(z.strictObject({ type: z.literal("text"), text: upTo(32_767) })).check(z.length(1)),
});
const document = z.strictObject({ type: z.literal("doc"), version: z.literal(1), content: z.array(paragraph) });
const note = z.strictObject({ body: bytesUpTo(65_536), public: z.literal(false) });

export const TICKET_VENDORS: Readonly<Record<string, TicketVendor>> = {
  jira: {
    id: "OPS-24",
    made: (key) => ({ id: "10000", key, self: `https://example.atlassian.net/rest/api/3/issue/10000` }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://example.atlassian.net/rest/api/3/issue/ID/comment",
        body: z.strictObject({ body: document }),
      },
      {
        what: "close",
        method: "POST",
        url: "https://example.atlassian.net/rest/api/3/issue/ID/transitions",
        // Another transition than those of the issue's workflow is 400.
        body: z.strictObject({ transition: z.strictObject({ id: z.literal("31") }) }),
      },
    ],
  },
  "github-issues": {
    id: "1347",
    made: (number) => ({ id: 1, number: Number(number), state: "open", filler: "x".repeat(5_000) }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://api.github.com/repos/acme/shop/issues/ID/comments",
        body: z.strictObject({ body: upTo(65_536) }),
        markup: { body: "forge" },
      },
      {
        what: "close",
        method: "PATCH",
        url: "https://api.github.com/repos/acme/shop/issues/ID",
        body: z.strictObject({ state: z.literal("closed"), state_reason: oneOf("completed", "not_planned") }),
      },
    ],
  },
  "gitlab-issues": {
    id: "14",
    made: (iid) => ({ id: 84, iid: Number(iid), state: "opened" }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://gitlab.com/api/v4/projects/acme%2Fshop/issues/ID/notes",
        body: z.strictObject({ body: upTo(1_000_000) }),
        markup: { body: "forge" },
      },
      {
        what: "close",
        method: "PUT",
        url: "https://gitlab.com/api/v4/projects/acme%2Fshop/issues/ID",
        body: z.strictObject({ state_event: z.literal("close") }),
      },
    ],
  },
  linear: {
    id: "a4b8e0a3-5d5b-4a5f-9d0e-6c9f0a1b2c3d",
    made: (id) => ({ data: { issueCreate: { success: true, issue: { id, identifier: "OPS-1", url: "https://l" } } } }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://api.linear.app/graphql",
        body: z.strictObject({
          query: z.string().check(z.regex(/commentCreate\(input: \$input\)/)),
          variables: z.strictObject({ input: z.strictObject({ issueId: z.uuid(), body: upTo(250_000) }) }),
        }),
        markup: { "variables.input.body": "markdown" },
        id_at: "variables.input.issueId",
      },
      {
        what: "close",
        method: "POST",
        url: "https://api.linear.app/graphql",
        body: z.strictObject({
          query: z.string().check(z.regex(/issueUpdate\(id: \$id, input: \$input\)/)),
          variables: z.strictObject({ id: z.uuid(), input: z.strictObject({ stateId: z.uuid() }) }),
        }),
        id_at: "variables.id",
      },
    ],
  },
  servicenow: {
    id: "c537bae64f411200adf9f8e18110c76e",
    made: (sys_id) => ({ result: { sys_id, number: "INC0010002", state: "1" } }),
    rules: [
      {
        what: "comment",
        method: "PATCH",
        url: "https://example.service-now.com/api/now/table/incident/ID",
        body: z.strictObject({ work_notes: upTo(4_000) }),
      },
      {
        what: "close",
        method: "PATCH",
        url: "https://example.service-now.com/api/now/table/incident/ID",
        // A resolved incident must have a code and notes.
        body: z.strictObject({ state: z.literal("6"), close_code: upTo(40), close_notes: upTo(4_000) }),
      },
    ],
  },
  zendesk: {
    id: "35436",
    made: (id) => ({ ticket: { id: Number(id), status: "new" }, audit: {} }),
    rules: [
      {
        what: "comment",
        method: "PUT",
        url: "https://example.zendesk.com/api/v2/tickets/ID.json",
        body: z.strictObject({ ticket: z.strictObject({ comment: note }) }),
      },
      {
        what: "close",
        method: "PUT",
        url: "https://example.zendesk.com/api/v2/tickets/ID.json",
        body: z.strictObject({ ticket: z.strictObject({ status: z.literal("solved"), comment: note }) }),
      },
    ],
  },
  freshservice: {
    id: "264",
    made: (id) => ({ ticket: { id: Number(id), status: 2 } }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://example.freshservice.com/api/v2/tickets/ID/notes",
        body: z.strictObject({ body: upTo(65_535), private: z.boolean() }),
        markup: { body: "html" },
      },
      {
        what: "close",
        method: "PUT",
        url: "https://example.freshservice.com/api/v2/tickets/ID",
        body: z.strictObject({ status: z.literal(4) }),
      },
    ],
  },
  asana: {
    id: "1204567890999999",
    made: (gid) => ({ data: { gid, resource_type: "task" } }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://app.asana.com/api/1.0/tasks/ID/stories",
        body: z.strictObject({ data: z.strictObject({ text: upTo(65_535) }) }),
      },
      {
        what: "close",
        method: "PUT",
        url: "https://app.asana.com/api/1.0/tasks/ID",
        body: z.strictObject({ data: z.strictObject({ completed: z.literal(true) }) }),
      },
    ],
  },
  trello: {
    id: "5abbe4b7ddc1b351ef961499",
    made: (id) => ({ id, shortLink: "H0TZyzbK" }),
    rules: [
      {
        what: "comment",
        method: "POST",
        url: "https://api.trello.com/1/cards/ID/actions/comments",
        body: z.strictObject({ text: upTo(16_384) }),
        markup: { text: "markdown" },
      },
      {
        what: "close",
        method: "PUT",
        url: "https://api.trello.com/1/cards/ID",
        body: z.strictObject({ closed: z.literal(true), dueComplete: z.literal(true) }),
      },
    ],
  },
};

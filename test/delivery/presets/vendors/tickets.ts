import * as z from "zod/mini";
import { LINK, MAIL, ONLY_CREATED, type Vendor, WORD, bytesUpTo, oneOf, upTo } from "./vendor.ts";

const paragraph = z.strictObject({
  type: z.literal("paragraph"),
  content: z.array(z.strictObject({ type: z.literal("text"), text: upTo(32_767) })).check(z.minLength(1)),
});
const richText = z.array(z.strictObject({ type: z.literal("text"), text: z.strictObject({ content: upTo(2_000) }) }));
const cell = z.string().check(z.maxLength(50_000));

/** Products for tickets and documents. */
export const TICKETS = {
  jira: {
    url: /^https:\/\/example\.atlassian\.net\/rest\/api\/3\/issue$/,
    moments: ONLY_CREATED,
    body: z.strictObject({
      fields: z.strictObject({
        project: z.strictObject({ key: z.string().check(z.regex(/^[A-Z]\w+$/)) }),
        issuetype: z.strictObject({ name: upTo(60) }),
        summary: upTo(255).check(z.regex(/^[^\n]*$/)),
        description: z.strictObject({
          type: z.literal("doc"),
          version: z.literal(1),
          content: z.array(paragraph).check(z.minLength(1)),
        }),
        labels: z.array(WORD),
      }),
    }),
    cut: { "fields.summary": 255 },
  },
  "github-issues": {
    url: /^https:\/\/api\.github\.com\/repos\/acme\/shop\/issues$/,
    headers: { accept: /^application\/vnd\.github\+json$/, "x-github-api-version": /^\d{4}-\d\d-\d\d$/ },
    moments: ONLY_CREATED,
    body: z.strictObject({ title: upTo(256), body: upTo(65_536), labels: z.array(upTo(50)) }),
    markup: { body: "forge" },
    cut: { title: 256 },
  },
  "gitlab-issues": {
    url: /^https:\/\/gitlab\.com\/api\/v4\/projects\/acme%2Fshop\/issues$/,
    moments: ONLY_CREATED,
    body: z.strictObject({ title: upTo(255), description: upTo(1_048_576), labels: z.optional(z.string()) }),
    markup: { description: "forge" },
    cut: { title: 255 },
  },
  linear: {
    url: /^https:\/\/api\.linear\.app\/graphql$/,
    headers: { authorization: /^lin_api_\w+$/ },
    moments: ONLY_CREATED,
    body: z.strictObject({
      query: z.string().check(z.regex(/issueCreate\(input: \$input\)/)),
      variables: z.strictObject({
        input: z.strictObject({
          teamId: z.uuid(),
          title: upTo(255),
          description: upTo(250_000),
          priority: z.int().check(z.minimum(0), z.maximum(4)),
        }),
      }),
    }),
    markup: { "variables.input.description": "markdown" },
    cut: { "variables.input.title": 255 },
  },
  servicenow: {
    url: /^https:\/\/example\.service-now\.com\/api\/now\/table\/incident$/,
    headers: { accept: /^application\/json$/ },
    moments: ONLY_CREATED,
    body: z.strictObject({
      short_description: upTo(160),
      description: upTo(4_000),
      urgency: oneOf("1", "2", "3"),
      impact: oneOf("1", "2", "3"),
      correlation_id: upTo(100),
      correlation_display: upTo(100),
    }),
    cut: { short_description: 160, description: 4_000 },
  },
  zendesk: {
    url: /^https:\/\/example\.zendesk\.com\/api\/v2\/tickets\.json$/,
    headers: { "idempotency-key": /^\w{10,255}$/ },
    moments: ONLY_CREATED,
    body: z.strictObject({
      ticket: z.strictObject({
        subject: upTo(150),
        comment: z.strictObject({ body: bytesUpTo(65_536) }),
        type: oneOf("problem", "incident", "question", "task"),
        priority: oneOf("urgent", "high", "normal", "low"),
        external_id: upTo(255),
        tags: z.array(WORD),
      }),
    }),
    cut: { "ticket.subject": 150 },
  },
  freshservice: {
    url: /^https:\/\/example\.freshservice\.com\/api\/v2\/tickets$/,
    moments: ONLY_CREATED,
    body: z.strictObject({
      email: MAIL,
      subject: upTo(255),
      description: upTo(65_535),
      priority: z.int().check(z.minimum(1), z.maximum(4)),
      status: z.literal(2),
      source: z.int(),
      tags: z.array(upTo(32)),
    }),
    markup: { description: "html" },
    cut: { subject: 255 },
  },
  asana: {
    url: /^https:\/\/app\.asana\.com\/api\/1\.0\/tasks$/,
    moments: ONLY_CREATED,
    body: z.strictObject({
      data: z.strictObject({
        name: upTo(1_024),
        notes: upTo(65_535),
        projects: z.array(z.string()).check(z.length(1)),
      }),
    }),
    cut: {},
  },
  trello: {
    url: /^https:\/\/api\.trello\.com\/1\/cards$/,
    headers: { authorization: /^OAuth oauth_consumer_key="\w+", oauth_token="\w+"$/ },
    moments: ONLY_CREATED,
    body: z.strictObject({
      idList: z.string().check(z.regex(/^[0-9a-f]{24}$/)),
      name: upTo(16_384),
      desc: upTo(16_384),
      pos: oneOf("top", "bottom"),
    }),
    markup: { desc: "markdown" },
    cut: { name: 500, desc: 16_384 },
  },
  notion: {
    url: /^https:\/\/api\.notion\.com\/v1\/pages$/,
    headers: { "notion-version": /^2022-06-28$/ },
    body: z.strictObject({
      parent: z.strictObject({ database_id: z.string() }),
      properties: z.strictObject({ title: z.strictObject({ title: richText.check(z.minLength(1)) }) }),
      children: z
        .array(
          z.strictObject({
            object: z.literal("block"),
            type: z.literal("paragraph"),
            paragraph: z.strictObject({ rich_text: richText }),
          }),
        )
        .check(z.maxLength(100)),
    }),
    cut: {},
  },
  airtable: {
    method: "PATCH",
    url: /^https:\/\/api\.airtable\.com\/v0\/app\w+\/Alerts$/,
    body: z.strictObject({
      performUpsert: z.strictObject({ fieldsToMergeOn: z.array(z.string()).check(z.minLength(1), z.maxLength(3)) }),
      typecast: z.boolean(),
      records: z
        .array(z.strictObject({ fields: z.record(z.string(), z.string().check(z.maxLength(100_000))) }))
        .check(z.minLength(1), z.maxLength(10)),
    }),
    cut: {},
  },
  "google-sheets": {
    url: /^https:\/\/sheets\.googleapis\.com\/v4\/spreadsheets\/\w+\/values\/Alerts:append\?valueInputOption=RAW&insertDataOption=INSERT_ROWS$/,
    body: z.strictObject({ majorDimension: z.literal("ROWS"), values: z.array(z.array(cell).check(z.length(8))) }),
    cut: {},
  },
  "google-drive": {
    url: /^https:\/\/www\.googleapis\.com\/upload\/drive\/v3\/files\?uploadType=multipart&supportsAllDrives=true$/,
    format: "related",
    body: z.strictObject({
      metadata: z.strictObject({
        name: upTo(255),
        mimeType: z.literal("text/plain"),
        description: upTo(1_000),
        parents: z.array(z.string()),
      }),
      media: upTo(5_000_000),
    }),
    cut: { "metadata.name": 200 },
  },
} as const satisfies Record<string, Vendor>;

export const LINKS = z.optional(z.array(z.strictObject({ href: LINK, text: upTo(255) })));

import * as z from "zod/mini";
import { LINK, MAIL, type Vendor, WORD, bytesUpTo, oneOf, upTo } from "./vendor.ts";

const PHONE = z.string().check(z.regex(/^\+?[1-9]\d{5,14}$/));
const mails = z.string().check(z.regex(/^[^\s@]+@[^\s@,]+(?:, [^\s@]+@[^\s@,]+)*$/));

/** Products for chats, mail, text messages and notifications. */
export const MESSAGES = {
  "microsoft-graph-mail": {
    url: /^https:\/\/graph\.microsoft\.com\/v1\.0\/users\/gateway%40example\.com\/sendMail$/,
    body: z.strictObject({
      message: z.strictObject({
        subject: upTo(255),
        body: z.strictObject({ contentType: z.literal("Text"), content: upTo(4_000_000) }),
        toRecipients: z
          .array(z.strictObject({ emailAddress: z.strictObject({ address: MAIL }) }))
          .check(z.minLength(1), z.maxLength(500)),
      }),
      saveToSentItems: z.boolean(),
    }),
    cut: { "message.subject": 255 },
  },
  sendgrid: {
    url: /^https:\/\/api\.sendgrid\.com\/v3\/mail\/send$/,
    body: z.strictObject({
      personalizations: z.array(z.strictObject({ to: z.array(z.strictObject({ email: MAIL })).check(z.minLength(1)) })),
      from: z.strictObject({ email: MAIL, name: z.string() }),
      subject: upTo(998),
      content: z.array(z.strictObject({ type: z.literal("text/plain"), value: upTo(1_000_000) })).check(z.minLength(1)),
      tracking_settings: z.unknown(),
    }),
    cut: { subject: 250 },
  },
  resend: {
    url: /^https:\/\/api\.resend\.com\/emails$/,
    headers: { "idempotency-key": /^\w{1,256}$/ },
    body: z.strictObject({
      from: MAIL,
      to: z.array(MAIL).check(z.minLength(1), z.maxLength(50)),
      subject: upTo(998),
      text: upTo(1_000_000),
    }),
    cut: { subject: 250 },
  },
  mailgun: {
    url: /^https:\/\/api\.mailgun\.net\/v3\/mg\.example\.com\/messages$/,
    format: "form-data",
    body: z.strictObject({
      from: MAIL,
      to: mails,
      subject: upTo(998),
      text: upTo(1_000_000),
      "o:tracking": oneOf("yes", "no"),
      attachment: z.strictObject({
        filename: z.string().check(z.regex(/^[\w.-]+\.json$/)),
        type: z.literal("application/json"),
        text: z.string().check(z.refine((text) => typeof JSON.parse(text) === "object")),
      }),
    }),
    cut: { subject: 250 },
  },
  postmark: {
    url: /^https:\/\/api\.postmarkapp\.com\/email$/,
    headers: { accept: /^application\/json$/, "x-postmark-server-token": /^[\w-]+$/ },
    body: z.strictObject({
      From: MAIL,
      To: mails,
      Subject: upTo(2_000),
      TextBody: bytesUpTo(5_000_000),
      MessageStream: z.string(),
    }),
    cut: { Subject: 250 },
  },
  "twilio-sms": {
    url: /^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC\w{32}\/Messages\.json$/,
    format: "form",
    body: z.strictObject({ From: PHONE, To: PHONE, Body: upTo(1_600) }),
    cut: { Body: 1_600 },
  },
  vonage: {
    url: /^https:\/\/rest\.nexmo\.com\/sms\/json$/,
    format: "form",
    body: z.strictObject({ from: upTo(15), to: PHONE, type: oneOf("text", "unicode"), text: upTo(3_200) }),
    cut: { text: 1_000 },
  },
  pushover: {
    url: /^https:\/\/api\.pushover\.net\/1\/messages\.json$/,
    format: "form",
    body: z.strictObject({
      token: z.string().check(z.regex(/^\w{30}$/)),
      user: z.string().check(z.regex(/^\w{30}$/)),
      title: upTo(250),
      message: upTo(1_024),
      url: z.optional(LINK.check(z.maxLength(512))),
      url_title: z.optional(upTo(100)),
      priority: oneOf("-2", "-1", "0", "1"),
      timestamp: z.string().check(z.regex(/^\d{10}$/)),
    }),
    cut: { title: 250, message: 1_024 },
  },
  ntfy: {
    url: /^https:\/\/ntfy\.sh\/?$/,
    body: z.strictObject({
      topic: z.string().check(z.regex(/^[\w-]{1,64}$/)),
      title: upTo(250),
      message: bytesUpTo(4_096),
      priority: z.int().check(z.minimum(1), z.maximum(5)),
      tags: z.array(WORD),
      click: z.optional(LINK),
    }),
    cut: { message: 4_096 },
    unit: "bytes",
  },
  mattermost: {
    url: /^https:\/\/mattermost\.example\.com\/hooks\/\w+$/,
    body: z.strictObject({ text: upTo(16_383) }),
    markup: { text: "markdown" },
    cut: { text: 16_383 },
  },
  "rocket-chat": {
    url: /^https:\/\/chat\.example\.com\/hooks\/\w+$/,
    body: z.strictObject({ text: upTo(5_000), parseUrls: z.boolean() }),
    markup: { text: "markdown" },
    cut: { text: 5_000 },
  },
  matrix: {
    method: "PUT",
    url: /^https:\/\/matrix\.example\.com\/_matrix\/client\/v3\/rooms\/!qporfwt%3Aexample\.com\/send\/m\.room\.message\/\w{10,255}$/,
    body: z.strictObject({
      msgtype: oneOf("m.text", "m.notice"),
      body: upTo(60_000),
      "m.mentions": z.strictObject({}),
    }),
    max_bytes: 65_536,
    cut: {},
  },
  zulip: {
    url: /^https:\/\/example\.zulipchat\.com\/api\/v1\/messages$/,
    format: "form",
    body: z.strictObject({ type: oneOf("channel", "stream"), to: upTo(60), topic: upTo(60), content: upTo(10_000) }),
    markup: { content: "fence" },
    cut: { content: 10_000 },
  },
  webex: {
    url: /^https:\/\/webexapis\.com\/v1\/messages$/,
    body: z.strictObject({ roomId: z.string(), text: bytesUpTo(7_439) }),
    cut: { text: 7_439 },
    unit: "bytes",
  },
  "zoom-chat": {
    url: /^https:\/\/integrations\.zoom\.us\/chat\/webhooks\/incomingwebhook\/\w+\?format=full$/,
    headers: { authorization: /^\w+$/ },
    body: z.strictObject({
      content: z.strictObject({
        head: z.strictObject({ text: upTo(300) }),
        body: z.array(z.strictObject({ type: z.literal("message"), text: upTo(4_096) })).check(z.minLength(1)),
      }),
    }),
    cut: { "content.head.text": 250 },
  },
} as const satisfies Record<string, Vendor>;

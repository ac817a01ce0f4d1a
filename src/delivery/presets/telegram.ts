import * as z from "zod/mini";
import { type Preset, json } from "./preset.ts";
import { escapeMentions, fit } from "./text.ts";

// Telegram takes texts of at most 4,096 characters. These limits add up to less.
const MAX_TITLE = 400;
const MAX_DESCRIPTION = 1_800;
const MAX_FACTS = 1_200;
const MAX_LINK = 500;

function inert(text: string, maxLength: number): string {
  return fit(text, maxLength, escapeMentions);
}

function methodUrl(base: string, token: string): string | null {
  const url = URL.parse(base);
  if (url === null) return null;
  url.pathname = `/bot${token}/sendMessage`;
  return url.href;
}

/** A call of `sendMessage` in Telegram's Bot API. */
export const telegram: Preset = {
  title: "Telegram",
  category: "chat",
  summary: "Sends a message to a chat.",
  options: {
    chat_id: {
      schema: () =>
        z
          .string()
          .check(z.regex(/^(?:-?\d{1,19}|@\w{4,32})$/, "must be the number of a chat, or @ and a channel's name")),
      required: true,
      secret: false,
    },
    bot_token: {
      schema: () => z.string().check(z.regex(/^\d{1,19}:[\w-]{20,100}$/, "must be a bot's token")),
      required: false,
      secret: true,
    },
    message_thread_id: {
      schema: () => z.string().check(z.regex(/^\d{1,10}$/, "must be the number of a topic")),
      required: false,
      secret: false,
    },
  },
  render({ headline, title, description, facts, link }, options, base) {
    const lines = facts.map(({ label, text }) => `${label}: ${text}`).join("\n");
    const href = link === null ? "" : inert(link.href, Infinity);
    const text = [
      `<b>${inert(`[${headline}] ${title}`, MAX_TITLE)}</b>`,
      inert(description, MAX_DESCRIPTION),
      inert(lines, MAX_FACTS),
      link === null || href.length > MAX_LINK ? "" : `<a href="${href}">Open on ${inert(link.host, 100)}</a>`,
    ];
    const thread = options["message_thread_id"];
    const token = options["bot_token"];
    const url = token === undefined ? null : methodUrl(base, token);
    const message = json({
      chat_id: options["chat_id"] ?? "",
      ...(thread === undefined ? {} : { message_thread_id: Number(thread) }),
      text: text.filter((part) => part !== "").join("\n\n"),
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
    });
    return url === null ? message : { ...message, url };
  },
};

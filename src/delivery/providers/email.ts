import * as z from "zod/mini";
import { exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { findMailer } from "../../platform/bindings.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import { callBinding } from "./call-binding.ts";
import { templateOption } from "./option-fields.ts";
import { type Outgoing, defineProvider, unsent } from "./provider.ts";

const MAX_SUBJECT = 200;
const MAX_TEXT_BYTES = 5_000_000;
// The common addresses of RFC 5322. Quotes, comments and names are refused, because they can contain more than an address.
const ADDRESS = /^(?=.{3,254}$)[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i;
// Line breaks above all: the text after one would be a header of its own.
const NOT_IN_A_HEADER = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function addressOption() {
  return z.string().check(z.regex(ADDRESS, "must be a mail address such as alerts@example.com"));
}

/** Returns the subject on one line. The error is for the log. */
function subjectOf(template: string, { event, work }: Outgoing): Result<string, string> {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return fail(`The subject ${parsed.error}.`);
  const document = exactDocumentOf(event);
  if (!document.ok) return document;
  const rendered = renderTemplate(parsed.value, scopeOf(document.value), work);
  if (!rendered.ok) return rendered;
  const subject = rendered.value.toWellFormed().replaceAll(NOT_IN_A_HEADER, " ").trim();
  return ok(subject.slice(0, MAX_SUBJECT).replace(/[\ud800-\udbff]$/, "") || event.type);
}

function textOf(bytes: Uint8Array): Result<string, string> {
  if (bytes.byteLength > MAX_TEXT_BYTES) return fail("The text is too large for a mail, which has at most 5 MB.");
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return fail("The body is not text, and a mail can only contain text.");
  }
}

/**
 * Returns the code of a failure of Cloudflare's mail service, which says what the owner must change; null if it has
 * none.
 */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^E_[A-Z_]{1,60}$/.test(error.code) ? error.code : null;
}

/** Sends a mail through the binding `EMAIL`, which composes it. */
export const email = defineProvider({
  options: () =>
    z.strictObject({
      from: addressOption(),
      to: addressOption(),
      subject: z._default(templateOption(), "{{ data.alert.title | default: type }}"),
    }),
  refuse: (env) => {
    if (findMailer(env) !== null) return null;
    return { path: "type", message: 'cannot be "email": this gateway lacks the binding EMAIL (send_email)' };
  },
  target: ({ to }) => to,
  async deliver(context, outgoing, { from, to, subject: template }) {
    const mailer = findMailer(context.env);
    if (mailer === null) return unsent("refused", "The gateway has no binding EMAIL to send mail with.");
    const subject = subjectOf(template, outgoing);
    if (!subject.ok) return unsent("refused", subject.error);
    const text = textOf(outgoing.body.bytes);
    if (!text.ok) return unsent("refused", text.error);
    const headers = { "X-Hookgate-Delivery": outgoing.delivery_id };
    const mail = { from, to, subject: subject.value, text: text.value, headers };
    return await callBinding(
      context,
      outgoing,
      () => mailer.send(mail),
      (error) => {
        const code = codeOf(error);
        return `The mail service did not accept the mail${code === null ? "" : ` (${code})`}.`;
      },
    );
  },
});

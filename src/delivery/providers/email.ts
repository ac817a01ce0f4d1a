import { findMailer } from "../../platform/bindings.ts";
import { type Deliverable, exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import { handOver } from "./call-binding.ts";
import { type Sender, unsent } from "./provider.ts";

const MAX_SUBJECT = 200;
const MAX_TEXT_BYTES = 5_000_000;
// Line ends above all: what follows one in a header would be a header of its own.
const NOT_IN_A_HEADER = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The subject on one line; the error is for the log. */
function subjectOf(template: string, event: Deliverable): Result<string, string> {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return fail(`The subject ${parsed.error}.`);
  const document = exactDocumentOf(event);
  if (!document.ok) return document;
  const rendered = renderTemplate(parsed.value, scopeOf(document.value));
  if (!rendered.ok) return rendered;
  const subject = rendered.value.toWellFormed().replaceAll(NOT_IN_A_HEADER, " ").trim();
  return ok(subject.slice(0, MAX_SUBJECT).replace(/[\ud800-\udbff]$/, "") || event.type);
}

function textOf(bytes: Uint8Array): Result<string, string> {
  if (bytes.byteLength > MAX_TEXT_BYTES) return fail("The text is too large for a mail: it may have at most 5 MB.");
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return fail("The body is no text, and a mail can only have text.");
  }
}

/** The code that Cloudflare's mail service gives a failure, which says what its owner has to set right. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^E_[A-Z_]{1,60}$/.test(error.code) ? error.code : null;
}

/** Sends a mail through the binding `EMAIL`, which composes it. */
export const sendEmail: Sender = async (context, outgoing) => {
  const { delivery_id, destination, event, body } = outgoing;
  const { options } = destination;
  if (options.type !== "email") return unsent("refused", "The destination has no address for its mails.");
  const mailer = findMailer(context.env);
  if (mailer === null) return unsent("refused", "The gateway has no binding EMAIL to send mail with.");
  const subject = subjectOf(options.subject, event);
  if (!subject.ok) return unsent("refused", subject.error);
  const text = textOf(body.bytes);
  if (!text.ok) return unsent("refused", text.error);
  const { from, to } = options;
  const mail = { from, to, subject: subject.value, text: text.value, headers: { "X-Hookgate-Delivery": delivery_id } };
  return await handOver(
    context,
    outgoing,
    () => mailer.send(mail),
    (error) => {
      const code = codeOf(error);
      return `The mail service did not take the mail${code === null ? "" : ` (${code})`}.`;
    },
  );
};

import { documentsBucket } from "../../platform/bindings.ts";
import { exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { putDocument } from "../../storage/destinations/documents.ts";
import { documentKey } from "./document-key.ts";
import { handOver } from "./call-binding.ts";
import { type Sender, unsent } from "./provider.ts";

/** Where the documents of tests go, so that none replaces that of a real alert. */
const TEST_FOLDER = "test/";
const MAX_CONTENT_TYPE = 255;
// It is shown as a header later on; with `original` bodies the sender wrote it.
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?: ?; ?[\w-]+=(?:[\w.-]+|"[\w .-]+"))*$/;

function plainContentType(text: string): string {
  return text.length <= MAX_CONTENT_TYPE && CONTENT_TYPE.test(text) ? text : "application/octet-stream";
}

/** Writes a document into R2, over an earlier one that has the same key. */
export const sendDocument: Sender = async (context, outgoing) => {
  const { delivery_id, destination, event, body } = outgoing;
  const { id, options } = destination;
  if (options.type !== "document") return unsent("refused", "The destination has no key for its documents.");
  const read = exactDocumentOf(event);
  if (!read.ok) return unsent("refused", read.error);
  const isTest = event.type === "test";
  const key = documentKey(id, isTest ? TEST_FOLDER : "", options.key, scopeOf(read.value));
  if (!key.ok) return unsent("refused", key.error);
  const document = {
    key: key.value,
    bytes: body.bytes,
    content_type: plainContentType(body.content_type),
    event_id: event.id,
    delivery_id,
    replaces: isTest ? "any" : "older",
  } as const;
  return await handOver(
    context,
    outgoing,
    () => putDocument(documentsBucket(context.env), id, document),
    () => "The document could not be written to R2.",
  );
};

import * as z from "zod/mini";
import { exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { documentsBucket } from "../../platform/bindings.ts";
import { putDocument } from "../../storage/destinations/documents.ts";
import { callBinding } from "./call-binding.ts";
import { plainContentType } from "./content-type.ts";
import { cleanKey, documentKey } from "./document-key.ts";
import { templateOption } from "./option-fields.ts";
import { defineProvider, unsent } from "./provider.ts";

/** The folder for the documents of tests, so that none replaces that of a real alert. */
const TEST_FOLDER = "test/";
/** Writes a document into R2. A later event's document replaces an earlier one with the same key. */
export const document = defineProvider({
  options: () =>
    z.strictObject({
      key: templateOption().check(
        z.refine((text) => text.trim() === "" || cleanKey(text) !== "", "must name a document"),
      ),
    }),
  // A document stays in the gateway's account, whatever its key.
  target: () => "",
  async deliver(context, outgoing, options) {
    const { delivery_id, destination, event, body, work } = outgoing;
    const read = exactDocumentOf(event);
    if (!read.ok) return unsent("refused", read.error);
    const isTest = event.type === "test";
    const key = documentKey(destination.id, isTest ? TEST_FOLDER : "", options.key, scopeOf(read.value), work);
    if (!key.ok) return unsent("refused", key.error);
    const object = {
      key: key.value,
      bytes: body.bytes,
      content_type: plainContentType(body.content_type),
      event_id: event.id,
      delivery_id,
      replaces: isTest ? "any" : "older",
    } as const;
    return await callBinding(
      context,
      outgoing,
      () => putDocument(documentsBucket(context.env), destination.id, object),
      () => "The document could not be written to R2.",
    );
  },
});

import type { Resource } from "../endpoint.ts";
import { authorize } from "./authorize.ts";
import { create } from "./create.ts";
import { remove } from "./delete.ts";
import { getDocument } from "./get-document.ts";
import { get } from "./get.ts";
import { listDocuments } from "./list-documents.ts";
import { list } from "./list.ts";
import { listen } from "./listen.ts";
import { pause } from "./pause.ts";
import { preview } from "./preview.ts";
import { resume } from "./resume.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { test } from "./test.ts";
import { update } from "./update.ts";

export const destinations: Resource = {
  tag: "destinations",
  description: null,
  endpoints: [
    list,
    create,
    get,
    update,
    remove,
    test,
    pause,
    resume,
    rotateSecret,
    preview,
    authorize,
    listDocuments,
    getDocument,
    listen,
  ],
};

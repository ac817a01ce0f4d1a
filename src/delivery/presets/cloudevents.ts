import * as z from "zod/mini";
import { memberOf } from "../../model/json.ts";
import type { Preset } from "./preset.ts";
import { fit, oneLine } from "./text.ts";

const MAX_SUBJECT = 500;

/** A CloudEvent 1.0 in structured mode; `data` is the envelope's. */
export const cloudevents: Preset = {
  options: {
    source: {
      schema: () =>
        z.string().check(z.regex(/^[!#$%&'()*+,/:;=?@[\]~\w.-]{1,500}$/, "has to be a URI or a part of one")),
      required: false,
      secret: false,
    },
  },
  render(story, options) {
    const subject = fit(oneLine(story.alert?.key ?? ""), MAX_SUBJECT);
    return {
      content_type: "application/cloudevents+json",
      body: {
        specversion: "1.0",
        id: story.event_id,
        source: options["source"] ?? `/hookgate/${story.source}`,
        type: `hookgate.${story.type}`,
        time: story.timestamp,
        ...(subject === "" ? {} : { subject }),
        datacontenttype: "application/json",
        data: memberOf(story.envelope, "data") ?? {},
      },
    };
  },
};

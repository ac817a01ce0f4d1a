import * as z from "zod/mini";
import { memberOf } from "../../model/json.ts";
import type { Preset } from "./preset.ts";
import { fit, oneLine } from "./text.ts";

const MAX_SUBJECT = 500;

/** A CloudEvent 1.0 in structured mode. Its `data` is that of the envelope. */
export const cloudevents: Preset = {
  title: "CloudEvents",
  category: "automation",
  summary: "Sends each event as a CloudEvent in structured mode, for example to a broker.",
  options: {
    source: {
      schema: () => z.string().check(z.regex(/^[!#$%&'()*+,/:;=?@[\]~\w.-]{1,500}$/, "must be a URI or a part of one")),
      required: false,
      secret: false,
    },
  },
  render(content, options) {
    const subject = fit(oneLine(content.alert?.key ?? ""), MAX_SUBJECT);
    return {
      content_type: "application/cloudevents+json",
      body: {
        specversion: "1.0",
        id: content.event_id,
        source: options["source"] ?? `/hookgate/${content.source}`,
        type: `hookgate.${content.type}`,
        time: content.timestamp,
        ...(subject === "" ? {} : { subject }),
        datacontenttype: "application/json",
        data: memberOf(content.envelope, "data") ?? {},
      },
    };
  },
};

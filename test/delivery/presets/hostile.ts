import type { AlertSnapshot } from "../../../src/model/alert.ts";
import { ALERT } from "./events.ts";

/** A text with the mentions, the markup and the invisible characters of many products. */
export const HOSTILE =
  "@everyone @here <!channel> <!here|x> <@U0123> <#C1> <users/all> [pay](https://evil.example) <b>x</b>" +
  '<a href="https://evil.example">y</a> &lt;!channel&gt; ||a|| `b` *c* _d_ ~e~ <at>all</at> \u0000\u0007\u001b[31m\u0085\u202e\u2066\ud800 z';

/** An alert that says a text wherever a sender can. */
export function alertSaying(text: string): AlertSnapshot {
  return {
    ...ALERT,
    title: text,
    description: text,
    key: text,
    tags: [text],
    meta: { [text]: text },
    incident: { severity: "SEV-1", message: text },
    additional_data: [
      { format: "text", label: text, value: text },
      { format: "link", label: text, value: `https://evil.example/|x>"'<!channel>)](${text}` },
    ],
  };
}

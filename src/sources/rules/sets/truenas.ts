import type { RuleSet } from "./rule-set.ts";

/** https://www.truenas.com/docs/scale/scaletutorials/toptoolbar/alerts/alertservices/ */
export const truenas: RuleSet = {
  name: "truenas",
  title: "TrueNAS",
  category: "infrastructure",
  recognized_by: { "log.data.text": { $regex: "^TrueNAS[^\\n]* @ " } },
  vendor_url: "https://www.truenas.com/docs/scale/scaletutorials/toptoolbar/alerts/alertservices/",
  docs: "docs/sources/truenas.md",
  options: {
    rules: [
      {
        match: { "log.data.text": { $regex: "^TrueNAS[^\\n]* @ [^\\n]*\\s+This is a test alert" } },
        actions: [{ type: "test", reason: "TrueNAS's test alert." }],
      },
      {
        match: {
          $and: [
            { "log.data.text": { $regex: "^TrueNAS[^\\n]* @ " } },
            { "log.data.text": { $regex: "Current alerts:" } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.text | split: '\n' | first | strip }}",
            title:
              "{{ log.data.text | split: '\n' | first | strip }}: {% assign items = log.data.text | split: '* ' %}{{ items[1] | default: 'alerts' | split: '\n' | first | strip }}",
            description: "{{ log.data.text }}",
            urgency: "high",
          },
        ],
      },
      {
        match: {
          $and: [{ "log.data.text": { $regex: "^TrueNAS[^\\n]* @ " } }, { "log.data.text": { $regex: "cleared:" } }],
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.text | split: '\n' | first | strip }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The text is not of TrueNAS." }] },
  },
};

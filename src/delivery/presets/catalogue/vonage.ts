import { type PresetData, SHORT_MESSAGE, option, text } from "../data/preset-data.ts";
import { REQUIRED, basic, phoneOption, onHost } from "./parts.ts";

/** https://developer.vonage.com/en/api/sms */
export const vonage: PresetData = {
  title: "Vonage",
  category: "messages",
  summary: "Sends a text message.",
  source: "https://developer.vonage.com/en/api/sms",
  steps: [
    "In the Vonage dashboard, open *API Settings* and copy the API key and the API secret.",
    "Use the key as the username of `auth`, and the secret as the password.",
    "Vonage responds with status 200 even if it refuses a message. The response of the delivery then has a `status` other than 0.",
  ],
  address: onHost(["rest.nexmo.com", "rest-*.nexmo.com"], "https://rest.nexmo.com"),
  auth: basic("`basic` with the API key and the API secret."),
  options: {
    from: {
      must_be: "a phone number, or a sender's name of at most 11 characters",
      matches: /^(?:\+?[1-9]\d{5,14}|[A-Za-z0-9 ]{1,11})$/,
      hint: "the number or name that sends",
      example: "Hookgate",
      ...REQUIRED,
    },
    to: phoneOption("the number that receives", "15558675310"),
  },
  requests: {
    any: {
      path: "/sms/json",
      format: "form",
      body: { from: option("from"), to: option("to"), type: "unicode", text: text(SHORT_MESSAGE, 1_000) },
    },
  },
};

import { type PresetData, SHORT_MESSAGE, option, text } from "../data/preset-data.ts";
import { REQUIRED, basic, phoneOption, onHost } from "./parts.ts";

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message */
export const twilioSms: PresetData = {
  title: "Twilio SMS",
  category: "messages",
  summary: "Sends a text message.",
  source: "https://www.twilio.com/docs/messaging/api/message-resource#create-a-message",
  steps: [
    "In the Twilio Console, copy the *Account SID* and the *Auth Token* of the account.",
    "Use the SID as the username of `auth`, and the token as the password. An API key and its secret do as well.",
  ],
  address: onHost(["api.twilio.com", "api.*.twilio.com", "api.*.*.twilio.com"], "https://api.twilio.com"),
  auth: basic("`basic` with the Account SID and the Auth Token."),
  options: {
    account_sid: {
      must_be: "an Account SID: AC and 32 characters",
      matches: /^AC[0-9a-fA-F]{32}$/,
      hint: "the Account SID",
      example: "AC0123456789abcdef0123456789abcdef",
      ...REQUIRED,
    },
    from: {
      must_be: "a phone number such as +15551234567, or a sender's name of at most 11 characters",
      matches: /^(?:\+[1-9]\d{5,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/,
      hint: "the number that sends",
      example: "+15557122661",
      ...REQUIRED,
    },
    to: phoneOption("the number that receives", "+15558675310"),
  },
  requests: {
    any: {
      path: "/2010-04-01/Accounts/{options.account_sid}/Messages.json",
      format: "form",
      body: { From: option("from"), To: option("to"), Body: text(SHORT_MESSAGE, 1_600) },
    },
  },
};

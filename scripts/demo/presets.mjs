import { inspect } from "node:util";
import { heading, say, verdict } from "./print.mjs";
import { until } from "./until.mjs";

const ALERT = {
  event_type: "create",
  Id: "bakery-door",
  Title: "The bakery's door is <open>",
  Description: "Since 04:10, @channel",
  Urgency: "high",
};

/** What a chat gets of an alert. @param {import("../drive/stage.mjs").Stage} stage */
export async function presets(stage) {
  const { receiver, destination } = await stage.receiver("Slack", { payload: { mode: "preset", preset: "slack" } });
  const scripts = await stage.route({ name: "Scripts", type: "pagertree", auth: { type: "token" } }, [destination]);
  await stage.gateway.send(scripts, ALERT);
  await until(() => receiver.arrivals.length === 1);

  const [arrival] = receiver.arrivals;
  const message = JSON.parse(arrival?.body ?? "null");
  heading("Slack: an alert as a message");
  say(message === null ? "NOTHING ARRIVED" : inspect(message, { depth: null, breakLength: 110 }));
  say(`\nThe signature is ${verdict(arrival?.verified)}.`);
  const isSafe = message?.text.includes("&lt;open&gt;") === true && message.attachments?.length === 1;
  return isSafe && arrival?.verified === true;
}

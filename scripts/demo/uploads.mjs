import { AuthorizationServer } from "../drive/authorization-server.mjs";
import { GoogleDrive } from "../drive/google-drive.mjs";
import { heading, say } from "./print.mjs";
import { until } from "./until.mjs";

const FOLDER = "1dyUEebJaFnWa3Z4n0BFMVAXQ7mfUH11g";
const ALERT = {
  event_type: "create",
  Id: "freezer-1",
  Title: "Freezer 1 is warm",
  Description: "Since 02:15: −4 °C\r\n--boundary--",
};

/** A document that is uploaded to Google Drive. @param {import("../drive/stage.mjs").Stage} stage */
export async function uploads(stage) {
  const google = await stage.open(new AuthorizationServer());
  const drive = await stage.open(new GoogleDrive(google));
  const destination = await stage.gateway.create("destinations", {
    name: "Google Drive",
    url: drive.origin,
    auth: google.authorizationCode,
    payload: { mode: "preset", preset: "google-drive", options: { folder_id: FOLDER } },
  });
  const { body } = await stage.gateway.api("POST", `/destinations/${destination.id}/authorize`);
  const consent = await fetch(body.authorization_url, { headers: { accept: "text/html" } });
  const storage = await stage.route({ name: "Cold storage", type: "pagertree" }, [destination]);
  await stage.gateway.send(storage, ALERT);
  await until(() => drive.files.length === 1);
  // Its token is no longer good: the gateway renews it and uploads the next document with the new one.
  google.revoke();
  await stage.gateway.send(storage, { ...ALERT, Id: "freezer-2", Title: "Freezer 2 is warm" });
  await until(() => drive.files.length === 2);

  heading("Google Drive: each alert is uploaded as a document");
  for (const { name, text } of drive.files)
    say(`${name.replace(/^\S+ /, "")}\n${text.replaceAll(/^(?=.)/gm, "  | ")}\n`);
  say(`Tokens: ${google.tokenRequests.map(({ grant, status }) => `${grant}: ${status}`).join(", ")}`);
  const [first, second] = drive.files;
  const isWhole = first?.text.includes("−4 °C") === true && first.parents.join() === FOLDER;
  const isRenewed = drive.refused.map(({ status }) => status).join() === "401" && second !== undefined;
  return consent.ok && isWhole && isRenewed && drive.files.length === 2;
}

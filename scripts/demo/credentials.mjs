import { AuthorizationServer } from "../drive/authorization-server.mjs";
import { heading, say, table } from "./print.mjs";
import { until } from "./until.mjs";

const BASIC = { type: "basic", username: "hookgate", password: "a password of the demo" };
const BEARER = { type: "bearer", token: "a-token-of-the-demo" };
const TRIGGERS = [40321, 40322, 40323].map((alertId) => ({
  eventType: "ALERT_NOTIFICATION_TRIGGER",
  eventId: `17-${alertId}`,
  alert: { alertId, ruleName: "Packet loss", testName: "Shop from the branches", active: 1 },
}));

/** @param {string} expected */
const only = (expected) => (/** @type {string} */ authorization) => authorization === expected;

/** @param {AuthorizationServer} server */
const by = (server) => (/** @type {string} */ authorization) => server.admits(authorization);

/**
 * Acts as a user who presses "Get Token": requests the consent page and opens it. The server redirects the browser back.
 * @param {import("../drive/stage.mjs").Stage} stage
 * @param {string} id
 */
async function getToken({ gateway }, id) {
  const { body } = await gateway.api("POST", `/destinations/${id}/authorize`);
  const page = await fetch(body.authorization_url, { headers: { accept: "text/html" } });
  return { consented: page.ok, from: new URL(body.authorization_url).pathname, to: new URL(page.url).pathname };
}

/** ThousandEyes' recipes: each way in which a receiver can ask who is calling. @param {import("../drive/stage.mjs").Stage} stage */
export async function credentials(stage) {
  const [forClient, forUser] = [new AuthorizationServer(), new AuthorizationServer()];
  await Promise.all([stage.open(forClient), stage.open(forUser)]);
  const basic = `Basic ${Buffer.from(`${BASIC.username}:${BASIC.password}`).toString("base64")}`;
  const ways = [
    { name: "Basic", auth: BASIC, admits: only(basic), server: null },
    { name: "Bearer", auth: BEARER, admits: only(`Bearer ${BEARER.token}`), server: null },
    { name: "OAuth2, client credentials", auth: forClient.clientCredentials, admits: by(forClient), server: forClient },
    { name: "OAuth2, authorization code", auth: forUser.authorizationCode, admits: by(forUser), server: forUser },
  ];
  /** @type {{ name: string, receiver: import("../drive/receiver.mjs").Receiver, destination: any, server: AuthorizationServer | null }[]} */
  const stations = [];
  for (const { name, auth, admits, server } of ways) {
    const { receiver, destination } = await stage.receiver(name, { auth });
    receiver.admits = admits;
    stations.push({ name, receiver, destination, server });
  }
  const consent = await getToken(stage, stations[3]?.destination.id);
  const destinations = stations.map(({ destination }) => destination);
  const thousandEyes = { name: "ThousandEyes", type: "thousandeyes", auth: { type: "bearer" } };
  const integration = await stage.route(thousandEyes, destinations);
  for (const trigger of TRIGGERS) await stage.gateway.send(integration, trigger);
  await until(() => stations.every(({ receiver }) => receiver.admitted.length === TRIGGERS.length));

  heading("ThousandEyes: receivers that ask who is calling");
  table([
    ["destination", "requests", "let in", "verified", "token requests"],
    ...stations.map(({ name, receiver, server }) => [
      name,
      String(receiver.arrivals.length),
      String(receiver.admitted.length),
      String(receiver.admitted.filter(({ verified }) => verified).length),
      server === null ? "" : server.tokenRequests.map(({ grant, status }) => `${grant}: ${status}`).join(", "),
    ]),
  ]);
  say(`\n"Get Token" led from ${consent.from} at the authorization server to ${consent.to} at the gateway.`);
  const allIn = stations.every(({ receiver }) => {
    const { arrivals, admitted } = receiver;
    return (
      arrivals.length === TRIGGERS.length &&
      admitted.length === arrivals.length &&
      admitted.every((each) => each.verified)
    );
  });
  return (
    consent.consented && allIn && stations.every(({ server }) => server === null || server.tokenRequests.length === 1)
  );
}

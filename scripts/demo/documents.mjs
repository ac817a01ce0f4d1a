import { heading, say } from "./print.mjs";
import { until } from "./until.mjs";

const TEMPLATE =
  "{{ SeverityName }}: {{ Name }} on {{ DeviceName }}\nMonitor {{ MonitorId }} of {{ AppName }}: {{ ResultStatus }}\n";
const ALERTS = [
  { MonitorId: 5502, DeviceName: "till-2", Name: "Free memory", ResultStatus: "4% free" },
  { MonitorId: 5510, DeviceName: "till-7", Name: "Disk space", ResultStatus: "1% of /var free" },
].map((alert) => ({
  EventType: 1,
  AlertGroupId: 318,
  DeviceId: 71,
  SeverityName: "Critical",
  AppName: "Tills",
  ...alert,
}));

/** Retrace's recipe: each alert becomes a text document. @param {import("../drive/stage.mjs").Stage} stage */
export async function documents(stage) {
  const { gateway } = stage;
  const destination = await gateway.create("destinations", {
    name: "Alert documents",
    type: "document",
    options: { key: "retrace/monitor-{{ MonitorId }}.txt" },
    payload: { mode: "template", content_type: "text/plain; charset=utf-8", body: TEMPLATE },
  });
  const retrace = await stage.route({ name: "Retrace", type: "retrace" }, [destination]);
  for (const alert of ALERTS) await gateway.send(retrace, alert);

  /** @type {any[]} */
  let listed = [];
  await until(async () => {
    listed = (await gateway.api("GET", `/destinations/${destination.id}/documents`)).body.data;
    return listed.length === ALERTS.length;
  });
  heading("Retrace: a text document for each alert");
  let isRight = listed.length === ALERTS.length;
  for (const [index, { MonitorId, Name, DeviceName, ResultStatus }] of ALERTS.entries()) {
    const headers = { authorization: `Bearer ${gateway.adminToken}` };
    const text = listed[index] === undefined ? "" : await (await fetch(listed[index].url, { headers })).text();
    const expected = `Critical: ${Name} on ${DeviceName}\nMonitor ${MonitorId} of Tills: ${ResultStatus}\n`;
    isRight &&= text === expected && listed[index].key === `retrace/monitor-${MonitorId}.txt`;
    say(`${listed[index]?.key ?? "DID NOT ARRIVE"}\n${text.replaceAll(/^(?=.)/gm, "  | ")}`);
  }
  return isRight;
}

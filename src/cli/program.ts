import { Command } from "commander";
import { version } from "../../package.json";
import { addAccountCommands } from "./commands/account.ts";
import { addAlertActions, addEventActions, addRetry } from "./commands/actions.ts";
import { addCompletion } from "./commands/completion.ts";
import { addConfigCommands } from "./commands/config.ts";
import { addDestinationActions } from "./commands/destinations.ts";
import { addGatewayCommands } from "./commands/gateway.ts";
import { addImport } from "./commands/import.ts";
import { addIntegrationActions } from "./commands/integrations.ts";
import { addLogCommands } from "./commands/log.ts";
import { addListen } from "./commands/listen.ts";
import { addOpen } from "./commands/open.ts";
import { addReplayCommands } from "./commands/replay.ts";
import { addResourceCommands } from "./commands/resources.ts";
import { addSend } from "./commands/send.ts";
import { addTransformationActions } from "./commands/transformations.ts";
import { addTokenCommands } from "./commands/tokens.ts";
import { addVerifyLog } from "./commands/verify-log.ts";
import { addGlobalFlags } from "./globals.ts";
import { neutralize } from "./terminal/text.ts";

const ENVIRONMENT = `
Environment:
  HOOKGATE_URL, HOOKGATE_TOKEN  the gateway and the token; flags win over them
  HOOKGATE_PROFILE              the profile to use; --profile wins over it
  NO_COLOR                      print no colors

Exit codes: 0 success, 1 failure, 2 differences (config diff), 64 wrong usage.

Start with \`hookgate login\`. \`npm start\` prints the address and the token of a local gateway. The token of a
deployed one is its secret ADMIN_TOKEN, or one that \`hookgate tokens create\` made. Then, for example:
  $ hookgate integrations create --name Alertmanager --rule-set alertmanager
  $ hookgate destinations create --name Slack --preset slack --url https://hooks.slack.com/services/…
  $ hookgate routes create --name Alerts --integration Alertmanager --destination Slack
  $ hookgate destinations test Slack
  $ hookgate events tail
Or bring the webhooks of Stripe to a server on this machine:
  $ HOOKGATE_CREDENTIAL=whsec_… hookgate integrations create --name Stripe --auth stripe
  $ hookgate listen Stripe --forward-to http://localhost:3000/webhooks --original`;

const GROUPS = {
  "Which gateway:": ["login", "whoami", "logout"],
  "Set up:": ["integrations", "destinations", "routes", "transformations", "rule-sets", "presets", "config", "import"],
  "Develop:": ["listen"],
  "Look at what happens:": ["events", "deliveries", "alerts", "search", "open"],
  "Send again:": ["replay", "replays"],
  "Administer:": ["tokens", "audit", "reconciliation", "verify-log"],
} as const satisfies Record<string, readonly string[]>;

function groupCommands(program: Command): void {
  for (const [heading, names] of Object.entries(GROUPS)) {
    for (const command of program.commands) {
      if (names.some((name) => name === command.name())) command.helpGroup(heading);
    }
  }
}

/** Makes the command `hookgate`. It throws a `CommanderError` instead of ending the process. */
export function createProgram(): Command {
  const program = new Command("hookgate")
    .description(
      "Manages a Hookgate gateway: shows events and deliveries, sends them again, and changes the configuration.",
    )
    .version(version, "-V, --version", "print the version")
    .enablePositionalOptions()
    .configureOutput({ writeErr: (text) => process.stderr.write(neutralize(text)) })
    .showHelpAfterError("Add --help for the usage.")
    .exitOverride()
    .addHelpText("after", ENVIRONMENT);

  addAccountCommands(program);
  const { integrations, destinations, transformations } = addResourceCommands(program);
  addIntegrationActions(integrations);
  addDestinationActions(destinations);
  addTransformationActions(transformations);
  const { events, deliveries, alerts } = addLogCommands(program);
  addSend(events);
  addEventActions(events);
  addRetry(deliveries);
  addAlertActions(alerts);
  addReplayCommands(program);
  addConfigCommands(program);
  addImport(program);
  addTokenCommands(program);
  addGatewayCommands(program);
  addVerifyLog(program);
  addListen(program);
  addOpen(program);
  addCompletion(program);
  groupCommands(program);
  addGlobalFlags(program);
  return program;
}

import { randomBytes } from "node:crypto";

// Prints a new MASTER_KEY and how to change to it. It stores nothing and calls nothing.

const key = randomBytes(32).toString("base64");

process.stdout.write(`A new MASTER_KEY:

  ${key}

Keep a copy of it where you keep the present one. Do these steps in this order, for a deployed gateway:

  1. npx wrangler secret put MASTER_KEY_PREVIOUS   and enter the present MASTER_KEY
  2. npx wrangler secret put MASTER_KEY            and enter the new one
  3. Wait until GET /api/v1/keys shows "remaining": 0. This takes about a minute.
  4. npx wrangler secret delete MASTER_KEY_PREVIOUS

For npm start, the variables are in the environment, in .dev.vars, or in keys.json of the folder of its state:

  1. Name the present value MASTER_KEY_PREVIOUS, and set MASTER_KEY to the new one. Start the gateway again.
  2. Wait until GET /api/v1/keys shows "remaining": 0.
  3. Remove MASTER_KEY_PREVIOUS, and start the gateway again.

At no step is a sender refused or a signature changed. Do not set MASTER_KEY first: the gateway could then not open its
keys, and would respond 503 until MASTER_KEY_PREVIOUS is set. docs/keys.md describes how it works.
`);

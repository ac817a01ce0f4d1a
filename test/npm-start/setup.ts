// Gateways that tests start take their variables from the test, not from those that vitest.config.ts sets for wrangler.
for (const name of ["ADMIN_TOKEN", "MASTER_KEY", "WRANGLER_LOG"]) Reflect.deleteProperty(process.env, name);

/** The bindings of wrangler.toml; `npm run types` writes their types. */
export type Env = Cloudflare.Env;

// Optional bindings: present if the gateway's owner added them to wrangler.toml.

const OWN_QUEUE = /^(?:EVENTS|DELIVERIES|DEAD_LETTERS)(?:_[1-9]\d{0,2})?$/;

function can(binding: unknown, ...methods: readonly string[]): binding is object {
  if (typeof binding !== "object" || binding === null) return false;
  return methods.every((method) => typeof Reflect.get(binding, method) === "function");
}

// A service binding seems to have any method one asks it for, but only a service has `fetch` too.
function isQueue(binding: unknown): binding is Queue {
  return can(binding, "send", "sendBatch") && !can(binding, "fetch");
}

function isDatabase(binding: unknown): binding is D1Database {
  return can(binding, "prepare", "batch") && !can(binding, "fetch");
}

function isBucket(binding: unknown): binding is R2Bucket {
  return can(binding, "head", "get", "put", "list") && !can(binding, "fetch");
}

function isMailer(binding: unknown): binding is SendEmail {
  return can(binding, "send");
}

function bindingOf(env: Env, name: string): unknown {
  return Object.hasOwn(env, name) ? Reflect.get(env, name) : undefined;
}

/** The queue that is bound under a name; null where it is none. */
export function queueAt(env: Env, name: string): Queue | null {
  const binding = bindingOf(env, name);
  return isQueue(binding) ? binding : null;
}

/** The database that is bound under a name; null where it is none. */
export function databaseAt(env: Env, name: string): D1Database | null {
  const binding = bindingOf(env, name);
  return isDatabase(binding) ? binding : null;
}

/** The queue that its owner bound under a name, for destinations; null where it is none, or one of the gateway's own. */
export function findQueue(env: Env, name: string): Queue | null {
  return OWN_QUEUE.test(name) ? null : queueAt(env, name);
}

/** The binding `EMAIL`, by which mail is sent; null where there is none. */
export function findMailer(env: Env): SendEmail | null {
  const binding = bindingOf(env, "EMAIL");
  return isMailer(binding) ? binding : null;
}

/** Where documents are kept: the bucket `DOCUMENTS` where there is one, else that of the bodies. */
export function documentsBucket(env: Env): R2Bucket {
  const binding = bindingOf(env, "DOCUMENTS");
  return isBucket(binding) ? binding : env.BODIES;
}

/** The bindings of wrangler.toml; `npm run types` writes their types. */
export type Env = Cloudflare.Env;

// These functions find optional bindings, which the gateway's owner may add to wrangler.toml.

const OWN_QUEUE = /^(?:EVENTS|DELIVERIES|DEAD_LETTERS)(?:_[1-9]\d{0,2})?$/;

function hasMethods(binding: unknown, ...methods: readonly string[]): binding is object {
  if (typeof binding !== "object" || binding === null) return false;
  return methods.every((method) => typeof Reflect.get(binding, method) === "function");
}

// A service binding appears to have every method, but only a service has `fetch`, too.
function isQueue(binding: unknown): binding is Queue {
  return hasMethods(binding, "send", "sendBatch") && !hasMethods(binding, "fetch");
}

function isDatabase(binding: unknown): binding is D1Database {
  return hasMethods(binding, "prepare", "batch") && !hasMethods(binding, "fetch");
}

function isBucket(binding: unknown): binding is R2Bucket {
  return hasMethods(binding, "head", "get", "put", "list") && !hasMethods(binding, "fetch");
}

/** Returns the names of the bindings of wrangler.toml that are missing or of another kind. */
export function missingBindings(env: Env): readonly string[] {
  const queues = ["EVENTS", "DELIVERIES", "DEAD_LETTERS"].filter((name) => queueAt(env, name) === null);
  const databases = databaseAt(env, "DB") === null ? ["DB"] : [];
  return [...databases, ...queues, ...(isBucket(bindingOf(env, "BODIES")) ? [] : ["BODIES"])];
}

function isMailer(binding: unknown): binding is SendEmail {
  return hasMethods(binding, "send");
}

function bindingOf(env: Env, name: string): unknown {
  return Object.hasOwn(env, name) ? Reflect.get(env, name) : undefined;
}

/** Returns the queue that is bound under a name, or null if there is none. */
export function queueAt(env: Env, name: string): Queue | null {
  const binding = bindingOf(env, name);
  return isQueue(binding) ? binding : null;
}

/** Returns the database that is bound under a name, or null if there is none. */
export function databaseAt(env: Env, name: string): D1Database | null {
  const binding = bindingOf(env, name);
  return isDatabase(binding) ? binding : null;
}

/** Returns a queue for destinations by its binding, or null if there is none or if it is one of the gateway's own. */
export function findQueue(env: Env, name: string): Queue | null {
  return OWN_QUEUE.test(name) ? null : queueAt(env, name);
}

/** Returns the binding `EMAIL`, which sends mail, or null if there is none. */
export function findMailer(env: Env): SendEmail | null {
  const binding = bindingOf(env, "EMAIL");
  return isMailer(binding) ? binding : null;
}

function isNamespace(binding: unknown): binding is DurableObjectNamespace {
  return hasMethods(binding, "idFromName", "get");
}

/** Returns the binding `LISTENERS`, whose objects hold the connections of `hookgate listen`, or null if there is none. */
export function findListeners(env: Env): DurableObjectNamespace | null {
  const binding = bindingOf(env, "LISTENERS");
  return isNamespace(binding) ? binding : null;
}

/** Returns the binding `ASSETS`, which serves the dashboard's files, or null if there is none. */
export function findAssets(env: Env): Fetcher | null {
  const binding = bindingOf(env, "ASSETS");
  return hasMethods(binding, "fetch") ? env.ASSETS : null;
}

function isService(binding: unknown): binding is Fetcher {
  return hasMethods(binding, "fetch");
}

/** Returns the service `TRANSFORMATIONS`, which runs transformations locally, or null if there is none. */
export function findLocalTransformations(env: Env): Fetcher | null {
  const binding = bindingOf(env, "TRANSFORMATIONS");
  return isService(binding) ? binding : null;
}

function isLoader(binding: unknown): binding is WorkerLoader {
  return hasMethods(binding, "get", "load") && !hasMethods(binding, "fetch");
}

/** Returns the binding `LOADER`, which makes dynamic Workers, or null if there is none. */
export function findLoader(env: Env): WorkerLoader | null {
  const binding = bindingOf(env, "LOADER");
  return isLoader(binding) ? binding : null;
}

/** Returns the bucket for documents: `DOCUMENTS` if it is bound, or else the bucket of bodies. */
export function documentsBucket(env: Env): R2Bucket {
  const binding = bindingOf(env, "DOCUMENTS");
  return isBucket(binding) ? binding : env.BODIES;
}

import { type Query, onlineManager } from "@tanstack/react-query";
import { queryClient } from "../api/query-client.ts";
import { LiveConnection } from "./connection.ts";
import { setPushed } from "./pushed.ts";

/** Consumers learn within five seconds that somebody looks. Until then, lists poll as often as without a connection. */
const SETTLED_MS = 10_000;
/** Queries that poll at least this often are read at once when something has changed. */
const EAGER_MS = 5_000;
/** How often a reading looks whether the page's own change has ended, in ms. */
const OWN_CHANGE_MS = 100;
/** The time between two readings, in ms, however much changes. */
const READ_EVERY_MS = 2_000;

function isEager(query: Query): boolean {
  if (query.meta?.["followsChanges"] === true) return true;
  return query.observers.some(({ options: { refetchInterval } }) => {
    const every = typeof refetchInterval === "function" ? refetchInterval(query) : refetchInterval;
    return typeof every === "number" && every <= EAGER_MS;
  });
}

let isStale = false;
let isReading = false;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function isShown(): boolean {
  return document.visibilityState === "visible";
}

/**
 * Reads what the page shows and what may have changed. What changes meanwhile is read afterwards. A hidden tab reads nothing: it reads
 * again when it is shown.
 */
async function readChanges(): Promise<void> {
  isStale = true;
  if (isReading) return;
  isReading = true;
  while (isStale && isShown()) {
    // A change of this page reads what it concerns by itself, and may have deleted what the page still shows.
    while (queryClient.isMutating() > 0) await pause(OWN_CHANGE_MS);
    isStale = false;
    await queryClient.refetchQueries({ type: "active", predicate: isEager });
    await pause(READ_EVERY_MS);
  }
  isReading = false;
}

let settling: ReturnType<typeof setTimeout> | undefined;

function openSocket(): WebSocket {
  return new WebSocket(new URL("/api/v1/live", location.href.replace(/^http/, "ws")));
}

const connection = new LiveConnection(openSocket, {
  onOpen: () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      setPushed(true);
      void readChanges();
    }, SETTLED_MS);
  },
  onChange: () => void readChanges(),
  onLost: () => {
    clearTimeout(settling);
    setPushed(false);
  },
});

/** Keeps the connection while the tab is shown and online, until the returned function is called. */
export function followChanges(): () => void {
  const update = (): void => {
    if (isShown() && onlineManager.isOnline()) connection.start();
    else connection.stop();
  };
  update();
  document.addEventListener("visibilitychange", update);
  const unsubscribe = onlineManager.subscribe(update);
  return () => {
    document.removeEventListener("visibilitychange", update);
    unsubscribe();
    connection.stop();
  };
}

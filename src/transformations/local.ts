import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { logLine } from "../platform/log.ts";
import { failed, readAnswer } from "./answer.ts";
import { withOwnLine, withOwnName } from "./own-name.ts";
import type { TransformationRunner } from "./run.ts";

/** The time that a call waits for a free process and runs in it, in ms. The process itself ends a call long before. */
const MAX_WAIT_MS = 10_000;

/** Returns the runner of `npm start`: a service that runs the code in processes that it can end. */
export function localRunner(service: Fetcher): TransformationRunner {
  return {
    run: async ({ code, input, context }) => {
      const body = JSON.stringify({ code: withOwnName(code), input: JSON.stringify(input), context });
      const answered = await withTimeout(MAX_WAIT_MS, async () => {
        const response = await service.fetch("http://transformations/run", { method: "POST", body });
        return await response.json();
      });
      if (answered.kind === "done") return withOwnLine(code, readAnswer(answered.value));
      logLine("warn", "transformation.unavailable", { error: describeFailure(answered) });
      return failed("unavailable", "The runtime of transformations did not answer.");
    },
  };
}

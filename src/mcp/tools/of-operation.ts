import { ok } from "../../model/result.ts";
import type { OperationInput } from "../operation-input.ts";
import type { Tool } from "../tool.ts";

/** Makes a tool that runs one operation of the API. `show` turns the response into the result. */
export function ofOperation<Body>(
  described: Omit<Tool, "input" | "run">,
  { input, callFor }: OperationInput,
  show: (body: Body) => object,
): Tool {
  return {
    ...described,
    input,
    async run(given, callApi) {
      const call = callFor(given);
      if (!call.ok) return call;
      const answer = await callApi<Body>(call.value);
      return answer.ok ? ok(show(answer.value)) : answer;
    },
  };
}

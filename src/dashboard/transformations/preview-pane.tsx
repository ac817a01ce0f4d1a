import { type TransformationPreview, ClientError, describeFailure } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { fieldErrorsOf } from "../forms/field-errors.ts";
import { Loading } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { durationText } from "../ui/time-text.ts";

type PaneProps = { readonly data: TransformationPreview | undefined; readonly error: unknown };

/** What the code got, wrote and returned. */
export function PreviewPane({ data, error }: PaneProps) {
  if (error !== null) return <Refused error={error} />;
  if (data === undefined) return <Loading rows={4} label="Running the code" />;
  const { input, logs, duration_ms } = data;
  return (
    <>
      <p className="preview-state" role="status">
        <Status health={data.ok ? (data.dropped ? "quiet" : "ok") : "dead"}>{wordsFor(data)}</Status>
        <span className="muted small">{durationText(duration_ms)}</span>
      </p>
      {data.error === null ? null : (
        <p className="form-error" role="alert">
          {data.error.line === null ? null : `Line ${data.error.line}: `}
          <bdi>{data.error.message}</bdi>
        </p>
      )}
      {logs.length === 0 ? null : (
        <>
          <h3>Console</h3>
          <TextBlock label="Console output" text={logs.join("\n")} />
        </>
      )}
      <div className="before-after">
        <section>
          <h3>Before</h3>
          <TextBlock label="Input" text={input === undefined ? "(too long to show)" : writeJson(input, 2)} />
        </section>
        <section>
          <h3>After</h3>
          <TextBlock label="Result" text={resultText(data)} />
        </section>
      </div>
    </>
  );
}

function wordsFor({ ok, dropped, events, kind }: TransformationPreview): string {
  if (!ok) return "failed";
  if (dropped) return kind === "integration" ? "dropped: nothing is routed" : "nothing is sent";
  return events === 1 ? "returned" : `returned ${events} events`;
}

function resultText({ ok, result, rendered, error }: TransformationPreview): string {
  if (rendered !== undefined) return `${rendered}…`;
  return ok || error?.code === "wrong_result" ? writeJson(result, 2) : "";
}

/** Why the gateway did not run the code, such as a deployment that cannot. */
function Refused({ error }: { readonly error: unknown }) {
  const reasons = [...fieldErrorsOf(error)].map(([path, message]) => `${path} ${message}`);
  const whole = error instanceof ClientError ? describeFailure(error.failure) : "The dashboard failed to show this.";
  return (
    <div className="callout" data-health="dead" role="alert">
      {(reasons.length === 0 ? [whole] : reasons).map((reason) => (
        <p key={reason}>
          <bdi>{reason}</bdi>
        </p>
      ))}
    </div>
  );
}

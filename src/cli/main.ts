import { fileReason } from "./failure.ts";
import { interrupt } from "./interrupt.ts";
import { createProgram } from "./program.ts";
import { report } from "./report.ts";
import { outputOf } from "./session.ts";

// A reader that ends early, such as `head`, or a terminal that is closed is no failure. The command ends as after Ctrl+C, so
// that `listen` can remove what it has made.
const reader = { isGone: false };
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!reader.isGone && error.code !== "EPIPE" && error.code !== "EIO") {
      if (stream === process.stdout) {
        process.stderr.write(`error: The output could not be written: ${fileReason(error)}\n`);
      }
      process.exit(1);
    }
    reader.isGone = true;
    interrupt.end();
  });
}

// Replaces the arguments in the list of processes, which may hold a token.
process.title = "hookgate";
interrupt.listen();
const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (!reader.isGone) process.exitCode = report(error, outputOf(program));
}

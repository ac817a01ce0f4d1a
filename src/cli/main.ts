import { createProgram } from "./program.ts";
import { report } from "./report.ts";
import { interrupt, outputOf } from "./session.ts";

// A reader that ends early, such as `head`, is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  });
}

// Replaces the arguments in the list of processes, which may hold a token.
process.title = "hookgate";
interrupt.listen();
const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, outputOf(program));
}

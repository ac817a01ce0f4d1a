/** A fault that the user can correct. Its message and its advice are shown without a stack. */
export class DeployError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} [advice] what to do about it
   */
  constructor(message, advice = "") {
    super(message);
    this.advice = advice;
  }
}

/**
 * The error as one that is shown without a stack. One that nobody expected keeps its stack in its message.
 * @param {unknown} error
 */
export function asDeployError(error) {
  if (error instanceof DeployError) return error;
  return new DeployError(`Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

/** A wrong command line: exit code 64. */
export class UsageError extends DeployError {}

/** Prints an error without a stack. @param {DeployError} error */
export function showError({ message, advice }) {
  console.error(message);
  if (advice !== "") console.error(`\n${advice}`);
}

/**
 * Runs the program of a script, and prints a DeployError without a stack.
 * @param {() => Promise<void>} program
 */
export async function runProgram(program) {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    showError(error);
    process.exitCode = error instanceof UsageError ? 64 : 1;
  }
}

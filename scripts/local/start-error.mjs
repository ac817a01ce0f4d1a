/** A fault that whoever typed the command can mend: shown as it is, without a stack. */
export class StartError extends Error {}

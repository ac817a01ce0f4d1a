/** A mistake of the user's. Its message is shown without a stack. */
export class NewError extends Error {}

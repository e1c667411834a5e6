/**
 * Why an engine could not do what it was asked. `certainlyNotSent` is true when nothing of a message
 * left the process, so that sending it again cannot show it twice.
 */
export class EngineError extends Error {
  constructor(
    readonly code:
      | 'not-connected'
      | 'not-on-whatsapp'
      | 'refused'
      | 'timeout'
      | 'unsupported'
      /** A file that nobody has any more. */
      | 'gone'
      /** A file that is not what its message says. */
      | 'damaged'
      /** Others may do it, we may not: an admin of a group, a contact who shows it to us. */
      | 'not-allowed'
      | 'not-found',
    message: string,
    readonly certainlyNotSent = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}

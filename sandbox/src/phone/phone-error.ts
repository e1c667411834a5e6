/** A wish that the phone cannot fulfil; the message is meant for a person. */
export class PhoneError extends Error {
  constructor(
    readonly code:
      | 'unknown_phone'
      | 'unknown_recipient'
      | 'unknown_message'
      | 'unknown_group'
      | 'unknown_device'
      | 'not_a_member'
      | 'unknown_call'
      | 'refused'
      | 'conflict'
      | 'offline',
    message: string,
  ) {
    super(message);
    this.name = 'PhoneError';
  }
}

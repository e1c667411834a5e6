/** A call of the webhook, whatever was answered. */
export interface Call {
  /** Of the event. */
  id: string;
  body: string;
  at: number;
  /** Whether the receiver said that it took it. */
  taken: boolean;
}

/** What was done beside writing, and what must have come of it. */
export class Deeds {
  /** Texts that were starred, and whether they still are: approved, and passed on once to each target. */
  readonly stars = new Map<string, boolean>();
  /** Texts that were written to the chatbot while a person had the conversation: not answered. */
  readonly toAPerson = new Set<string>();
}

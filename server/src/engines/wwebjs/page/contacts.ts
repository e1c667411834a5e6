import type { Library } from './library.js';
import { jidOf } from './wids.js';

/** Whether numbers (digits) are on WhatsApp, and how it names them. */
export async function checkNumbers(
  library: Library,
  phones: string[],
): Promise<{ phone: string; exists: boolean; jid?: string }[]> {
  const answers: { phone: string; exists: boolean; jid?: string }[] = [];
  for (const phone of phones) {
    const found = await library.getNumberId(phone);
    answers.push({ phone, exists: found !== null, ...(found && { jid: jidOf(found) }) });
  }
  return answers;
}

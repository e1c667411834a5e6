import { FormattedText } from './formatting/formatted-text.js';

/** What was written, with its formatting, links and mentions. */
export function MessageText({
  text,
  names,
}: {
  text: string;
  names?: ReadonlyMap<string, string>;
}) {
  return <FormattedText text={text} names={names} />;
}

/** Puts values in the places of a canned reply; places without a value stay as they are written. */
export function fillCannedReply(
  text: string,
  values: Partial<Record<'name' | 'phone' | 'agent', string | null | undefined>>,
): string {
  return text.replace(
    /\{\{\s*(name|phone|agent)\s*\}\}/g,
    (place, name: keyof typeof values) => values[name] ?? place,
  );
}

/** The mark by which spreadsheets know that a file is UTF-8. */
export const CSV_MARK = '\ufeff';

/** A line of a CSV file. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Quoted, and never a formula to the program that opens it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

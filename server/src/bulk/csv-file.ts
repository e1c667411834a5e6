import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { ApiError } from '../http/api-error.js';

/** A record of the file, and the line on which it ends. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

export interface CsvFile {
  /** What the first line says. */
  columns: string[];
  /** What comes after it, as it is read; whoever does not read to the end calls `return`. */
  records: AsyncGenerator<CsvRecord, void>;
}

const DELIMITERS = [',', ';', '\t'];
/** Of which the first line must be a part (bytes). */
const BEGINNING = 64 * 1024;
const MOST_COLUMNS = 200;
/** Characters of one record. */
const LONGEST_RECORD = 128 * 1024;

interface Info {
  record: string[];
  info: { lines: number };
}

/**
 * Reads a CSV file as spreadsheets write it: with commas, semicolons or tabs, in UTF-8 or UTF-16, with
 * quotes where needed, and a first line that names the columns.
 * @throws ApiError `file_unreadable`, also while records are read
 */
export async function readCsv(path: string): Promise<CsvFile> {
  const beginning = await beginningOf(path);
  const encoding = encodingOf(beginning);
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(new TextDecoder(encoding).decode(beginning)),
    info: true,
    max_record_size: LONGEST_RECORD,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
  });
  const source = Readable.from(decoded(createReadStream(path), encoding));
  // Who reads the records hears of what went wrong.
  pipeline(source, parser, () => undefined);
  const read = recordsOf(parser as AsyncIterable<Info>);
  const first = await read.next();
  if (first.done) throw unreadable('The file is empty');
  const columns = first.value.cells;
  if (columns.length > MOST_COLUMNS) {
    throw unreadable(`The file has ${columns.length} columns; ${MOST_COLUMNS} at most`);
  }
  return { columns, records: read };
}

async function* recordsOf(parser: AsyncIterable<Info>): AsyncGenerator<CsvRecord, void> {
  try {
    for await (const { record, info } of parser) yield { line: info.lines, cells: record };
  } catch (error) {
    throw refusal(error);
  }
}

/** Text, chunk by chunk; a chunk that ends within a character is no matter. */
async function* decoded(
  bytes: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.includes('\0')) throw unreadable('The file holds the character NUL: it is no CSV');
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** UTF-16 has a mark at its beginning. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** What stands most often in the first line, outside of quotes. */
function delimiterOf(beginning: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(beginning)?.[0] ?? '';
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
}

function refusal(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  const { code } = error as { code?: string };
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return unreadable('The file is not in UTF-8: save it as "CSV UTF-8"');
  }
  if (code?.startsWith('CSV_')) return unreadable((error as Error).message);
  return error;
}

function unreadable(message: string): ApiError {
  return new ApiError('file_unreadable', message);
}

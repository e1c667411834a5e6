import type { TemplateVariable } from '@patchbay/contract';
import { ApiError } from '../http/api-error.js';
import type { CsvRecord } from './csv-file.js';
import type { GivenRow } from './given-rows.js';

/** Which column has what, by the names of the columns; null: none has. */
export interface Mapping {
  phoneColumn: string | null;
  languageColumn: string | null;
  mapping: Record<string, string | null>;
}

export interface MappingAsked {
  phoneColumn?: string | undefined;
  languageColumn?: string | undefined;
  /** JSON: the column of each variable. */
  columns?: string | undefined;
}

/** What a column of phone numbers is called, without accents, spaces and the like. */
const PHONE_NAMES = [
  ...['phone', 'phonenumber', 'number', 'mobile', 'mobilenumber', 'mobilephone', 'cellphone'],
  ...['cell', 'telephone', 'tel', 'whatsapp', 'whatsappnumber', 'msisdn', 'contact'],
  ...['telefone', 'celular', 'telefono', 'numero', 'movil', 'telefon', 'nummer', 'handy'],
];
const LANGUAGE_NAMES = ['language', 'lang', 'locale', 'idioma', 'lingua', 'sprache'];

/**
 * Which column has what: as it was asked for, else by the names.
 * @throws ApiError `file_unreadable` for a column that is not there, or a variable that is not
 */
export function mappingOf(
  columns: readonly string[],
  variables: readonly TemplateVariable[],
  asked: MappingAsked,
): Mapping {
  const named = (name: string | undefined) => {
    if (name === undefined || columns.includes(name)) return name;
    throw new ApiError(
      'file_unreadable',
      `There is no column "${name}"; the file has ${columns.map((each) => `"${each}"`).join(', ')}`,
    );
  };
  const given = columnsAsked(asked.columns);
  for (const name of Object.keys(given)) {
    if (variables.some((variable) => variable.name === name)) continue;
    throw new ApiError('file_unreadable', `columns: there is no variable ${name}`);
  }
  const like = (names: readonly string[]) =>
    columns.find((column) => names.includes(simplified(column))) ?? null;
  const phoneColumn = named(asked.phoneColumn) ?? like(PHONE_NAMES);
  const mapping = variables.map(({ name }) => [
    name,
    named(given[name]) ?? like([simplified(name)]),
  ]);
  return {
    phoneColumn,
    languageColumn: named(asked.languageColumn) ?? like(LANGUAGE_NAMES),
    mapping: Object.fromEntries(mapping),
  };
}

/** How a record of these columns is read. */
export function rowReader(
  columns: readonly string[],
  { phoneColumn, languageColumn, mapping }: Mapping,
): (record: CsvRecord) => GivenRow {
  const at = (column: string | null) => (column === null ? -1 : columns.indexOf(column));
  const [phone, language] = [at(phoneColumn), at(languageColumn)];
  const places = Object.entries(mapping).map(([name, column]) => [name, at(column)] as const);
  return ({ line, cells }) => ({
    line,
    phone: cells[phone] ?? '',
    values: Object.fromEntries(places.map(([name, place]) => [name, cells[place] ?? ''])),
    language: languageIn(cells[language]),
  });
}

/** A language that is none is as if it were not there. */
function languageIn(cell: string | undefined): string | undefined {
  try {
    return cell ? Intl.getCanonicalLocales(cell)[0] : undefined;
  } catch {
    return undefined;
  }
}

function columnsAsked(json: string | undefined): Record<string, string> {
  if (json === undefined || json === '') return {};
  try {
    const given: unknown = JSON.parse(json);
    const fits =
      typeof given === 'object' &&
      given !== null &&
      !Array.isArray(given) &&
      Object.values(given).every((column) => typeof column === 'string');
    if (fits) return given as Record<string, string>;
  } catch {
    // Falls through to the same refusal as JSON of another shape.
  }
  throw new ApiError('invalid_request', 'columns: JSON like {"name": "First name"}');
}

function simplified(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

import type { BulkRowReason, VariableValues } from '@patchbay/contract';
import type { NumberPlan } from '../whatsapp/phone-number.js';
import { readPhone } from '../whatsapp/phone-number.js';
import type { TemplateText } from './template-text.js';
import { render, ValueFault } from './template-text.js';

/** A row as somebody gave it. */
export interface GivenRow {
  /** Of the file, or the place in a list; from 1. */
  line: number;
  phone: string;
  values: VariableValues;
  language?: string | undefined;
}

/** A row as it is kept. */
export interface PreparedRow {
  /** From 1, in the order of sending. */
  number: number;
  line: number;
  /** Digits; of an invalid row as it was given. */
  phone: string;
  text: string | null;
  state: 'pending' | 'invalid' | 'duplicate';
  reason: BulkRowReason | null;
  error: string | null;
}

/** Of what is shown of an invalid number. */
const SHOWN = 64;

/** Makes rows that can be sent of what was given, and says of the others why they cannot. */
export class RowPreparation {
  private readonly lineOf = new Map<string, number>();
  private number = 0;

  /** @param language where a row does not say its own */
  constructor(
    private readonly text: TemplateText,
    private readonly plan: NumberPlan,
    private readonly language?: string,
  ) {}

  prepare(given: GivenRow): PreparedRow {
    this.number += 1;
    const { number } = this;
    const { line } = given;
    const asGiven = given.phone.trim().slice(0, SHOWN);
    const refused = (
      reason: BulkRowReason,
      error: string,
      phone = asGiven,
      state: PreparedRow['state'] = 'invalid',
    ): PreparedRow => ({ number, line, phone, text: null, state, reason, error });

    if (asGiven === '') return refused('no_phone', 'There is no phone number');
    const { digits, problem } = readPhone(given.phone, this.plan);
    if (digits === undefined) return refused('invalid_phone', `The number ${problem}`);
    const before = this.lineOf.get(digits);
    if (before !== undefined) {
      const error = `The same number as in line ${before}`;
      return refused('repeated', error, digits, 'duplicate');
    }
    try {
      const { text } = render(this.text, given.values, given.language ?? this.language);
      this.lineOf.set(digits, line);
      return { number, line, phone: digits, text, state: 'pending', reason: null, error: null };
    } catch (error) {
      if (error instanceof ValueFault) return refused(error.reason, error.message, digits);
      throw error;
    }
  }
}

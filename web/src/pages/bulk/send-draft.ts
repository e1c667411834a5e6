import type { Template } from '@patchbay/contract';

/** A bulk send as it is being made. */
export interface SendDraft {
  name: string;
  sessionId: string;
  kind: 'template' | 'text';
  templateId: string;
  language: string;
  text: string;
  /** Two letters, or nothing. */
  country: string;
  /** Of the list; the columns of variables by their names. */
  phoneColumn: string;
  columns: Record<string, string>;
  /** As the field gives it, without a time zone; empty: at once. */
  sendAt: string;
  spread: boolean;
}

/** Recipients as they came; `number` tells one list from another. */
export interface GivenList {
  number: number;
  name: string;
  file: Blob;
}

export function newDraft(template: string | undefined): SendDraft {
  return {
    ...{ name: '', sessionId: '', text: '', language: '', country: '' },
    ...{ kind: template ? 'template' : 'text', templateId: template ?? '' },
    ...{ phoneColumn: '', columns: {}, sendAt: '', spread: false },
  };
}

/** Whether it says enough to be looked at. */
export function isComplete(draft: SendDraft): boolean {
  const isSaid = draft.kind === 'template' ? draft.templateId !== '' : draft.text.trim() !== '';
  return draft.sessionId !== '' && isSaid && isCountry(draft.country);
}

export function isCountry(country: string): boolean {
  return /^([A-Z]{2})?$/.test(country);
}

/** The fields of the form, without the name and the file. */
export function fieldsOf(draft: SendDraft): Record<string, string> {
  const { kind, templateId, text, language, country, phoneColumn, columns, sendAt } = draft;
  const said = Object.entries(columns).filter(([, column]) => column !== '');
  return {
    ...(kind === 'template' ? { templateId } : { text }),
    ...(kind === 'template' && language && { language }),
    ...(country && { defaultCountry: country }),
    ...(phoneColumn && { phoneColumn }),
    ...(said.length > 0 && { columns: JSON.stringify(Object.fromEntries(said)) }),
    ...(sendAt && { sendAt: new Date(sendAt).toISOString() }),
    spreadOverDays: String(draft.spread),
  };
}

export function languagesOf(template: Template | undefined): string[] {
  return template?.variants.map(({ language }) => language) ?? [];
}

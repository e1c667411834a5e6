/** The numbers of a vCard's TEL lines; the parameter `waid` is the number as WhatsApp knows it. */
export function phonesOf(vcard: string): string[] {
  return vcard.split(/\r?\n/).flatMap((line) => {
    const [head = '', ...value] = line.split(':');
    if (!/^(item\d+\.)?TEL(;|$)/i.test(head)) return [];
    const waid = /;waid=(\d+)/i.exec(head)?.[1];
    const number = waid ? `+${waid}` : value.join(':').replace(/^tel:/i, '').trim();
    return number ? [number] : [];
  });
}

/** A card that WhatsApp shows with "Message" and "Save". @param phone with or without a leading '+' */
export function vcardOf(person: {
  name: string;
  phone: string;
  organization?: string | undefined;
}): string {
  const digits = person.phone.replace('+', '');
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${escaped(person.name)}`,
    ...(person.organization ? [`ORG:${escaped(person.organization)}`] : []),
    `TEL;type=CELL;type=VOICE;waid=${digits}:+${digits}`,
    'END:VCARD',
  ].join('\n');
}

/** Text values: RFC 6350, section 3.4. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
}

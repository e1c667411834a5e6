import type { Phone } from '../phone/phone.js';
import type { Phones } from '../phone/phones.js';
import type { SandboxServer } from '../protocol/seam.js';

/** Numbers from a range that no country uses, so that none of them is anybody's. */
const PEOPLE = [
  { phone: '99900000101', name: 'Ana Quispe' },
  { phone: '99900000102', name: 'Bruno Salas' },
  { phone: '99900000103', name: 'Carla Mendoza' },
];

/** Gives a world without phones three, with a few earlier messages, so that a newcomer has something to click. */
export async function seedPhones(server: SandboxServer, phones: Phones): Promise<void> {
  if (server.accounts().length > 0) return;
  for (const { phone, name } of PEOPLE) await phones.add(phone, name);
  const [ana, bruno, carla] = PEOPLE.map(({ phone }) => phones.get(phone)) as [Phone, Phone, Phone];
  const group = await ana.createGroup('Neighbours', [bruno.account, carla.account]);
  const messages: [Phone, string, string][] = [
    [carla, group.id, 'Market day is on Sunday, who helps?'],
    [bruno, ana.phone, 'Hi Ana, are you open on Saturday?'],
    [ana, bruno.phone, 'Yes, from nine to one.'],
    [carla, ana.phone, 'Good morning! Did my order leave already?'],
  ];
  for (const [author, chat, text] of messages) {
    await author.sendText(chat, text);
    // Whoever answers has read the question.
    await server.settle();
  }
}

import { describe, expect, it } from 'vitest';
import { checkedText, render, TemplateFault, ValueFault, variablesIn } from './template-text.js';

const both = checkedText(
  [
    { language: 'en', body: 'Hello {{ name }}, {{order}} is ready{{note}}' },
    { language: 'pt-br', body: 'Olá {{name}}, {{order}} está pronto{{note}}' },
  ],
  [{ name: 'name', default: 'friend' }, { name: 'order' }, { name: 'note', required: false }],
);

describe('the text of a template', () => {
  it('names its variables once, in their order', () => {
    expect(variablesIn('{{b}} {{a}} {{ b }} {c} }')).toEqual(['b', 'a']);
  });

  it.each(['{{', 'Hello {{first name}}', '{{}}', 'a }} b', 'a {{b}}}}'])('refuses %s', (text) => {
    expect(() => variablesIn(text)).toThrow(TemplateFault);
  });

  it('takes what stands in the texts for its variables where none are given', () => {
    const { variables } = checkedText([{ language: 'en', body: '{{a}}{{b}}' }], undefined);
    expect(variables).toEqual([
      { name: 'a', required: true, default: null },
      { name: 'b', required: true, default: null },
    ]);
  });

  it('says which variable of which language is unknown', () => {
    const variants = [
      { language: 'en', body: '{{a}}' },
      { language: 'de', body: '{{aa}}' },
    ];
    expect(() => checkedText(variants, [{ name: 'a' }])).toThrow('{{aa}} in the text for de');
  });

  it('refuses a language or a variable that is there twice', () => {
    const one = { language: 'en', body: 'x' };
    expect(() => checkedText([one, { ...one, language: 'EN' }], [])).toThrow('language en');
    expect(() => checkedText([one], [{ name: 'a' }, { name: 'a' }])).toThrow('two variables a');
  });

  it('is filled in with values, defaults and nothing', () => {
    expect(render(both, { order: 7 })).toEqual({
      language: 'en',
      text: 'Hello friend, 7 is ready',
    });
    expect(render(both, { name: 'Ana', order: ' A1 ', note: '!' }, 'pt-BR').text).toBe(
      'Olá Ana, A1 está pronto!',
    );
  });

  it('takes the nearest language', () => {
    const of = (language: string) => render(both, { order: 1 }, language).language;
    expect([of('pt'), of('pt-PT'), of('en-GB'), of('fr')]).toEqual(['pt-BR', 'pt-BR', 'en', 'en']);
  });

  it('does not fill in what stands in a value', () => {
    expect(render(both, { name: '{{order}}', order: '$&' }).text).toBe(
      'Hello {{order}}, $& is ready',
    );
  });

  it('says what is missing and what is unknown', () => {
    expect(() => render(both, {})).toThrow(ValueFault);
    expect(() => render(both, {})).toThrow('The variable order has no value');
    expect(() => render(both, { order: '  ' })).toThrow('The variable order has no value');
    expect(() => render(both, { order: 1, nmae: 'x' })).toThrow('There is no variable nmae');
  });
});

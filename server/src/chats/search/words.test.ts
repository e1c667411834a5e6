import { describe, expect, it } from 'vitest';
import { snippetOf } from './snippet.js';
import { phrasesOf, wordsOf } from './words.js';

const words = (text: string) => wordsOf(text).map(({ word }) => word);

describe('words of a text', () => {
  it('folds case and accents, and leaves signs out', () => {
    expect(words("¡Mañana, a las 9:30 en CAFÉ O'Brien!")).toEqual([
      'manana',
      'a',
      'las',
      '9',
      '30',
      'en',
      'cafe',
      'o',
      'brien',
    ]);
    expect(words('Здравствуй ΑΘΗΝΑ हिन्दी')).toEqual(['здравствуи', 'αθηνα', 'हिन्दी']);
  });

  it('takes scripts without spaces in pairs', () => {
    expect(words('你好世界 ok')).toEqual(['你好', '好世', '世界', '界', 'ok']);
    expect(words('東京タワー')).toEqual(['東京', '京タ', 'タワ', 'ワー', 'ー']);
    expect(words('한국어 검색')).toEqual(['한국어', '검색']);
  });

  it('is bounded', () => {
    expect(wordsOf('word '.repeat(100_000))).toHaveLength(2_000);
    expect(words('x'.repeat(1_000))[0]).toHaveLength(64);
  });

  it('reads queries', () => {
    expect(phrasesOf('Invoice num')).toEqual([
      { words: ['invoice'], beginning: false },
      { words: ['num'], beginning: true },
    ]);
    expect(phrasesOf('"see you" at')).toEqual([
      { words: ['see', 'you'], beginning: false },
      { words: ['at'], beginning: false },
    ]);
    expect(phrasesOf('好世界')).toEqual([{ words: ['好世', '世界'], beginning: false }]);
    expect(phrasesOf('好')).toEqual([{ words: ['好'], beginning: true }]);
    expect(phrasesOf('" - !')).toEqual([]);
  });
});

describe('a snippet', () => {
  const marked = (text: string, query: string) => {
    const snippet = snippetOf(text, phrasesOf(query));
    return snippet.highlights.map(({ start, end }) => snippet.text.slice(start, end));
  };

  it('marks what was found as it is written', () => {
    expect(marked('The Café is open, the cafeteria is not', 'cafe')).toEqual(['Café', 'cafeteria']);
    expect(marked('我说你好世界了', '你好世')).toEqual(['你好世']);
    expect(marked('see you, see me', '"see me"')).toEqual(['see me']);
  });

  it('is a part of a long text', () => {
    const snippet = snippetOf(
      `${'😀 filler '.repeat(200)}needle ${'more '.repeat(200)}`,
      phrasesOf('needle'),
    );
    expect(snippet.text.length).toBeLessThan(170);
    expect(snippet.text).toMatch(/^….*needle.*…$/u);
    const [place] = snippet.highlights;
    expect(snippet.text.slice(place?.start, place?.end)).toBe('needle');
  });
});

import { describe, expect, it } from 'vitest';
import { readPhone } from './phone-number.js';

describe('a phone number as people write it', () => {
  it.each([
    ['+51 987 654 321', '51987654321'],
    ['51987654321', '51987654321'],
    ['0051 987-654-321', '51987654321'],
    ['+1 (212) 555-2368', '12125552368'],
    ['5511987654321', '5511987654321'],
    // Older numbers of Brazil and Mexico, as WhatsApp names them.
    ['553187654321', '553187654321'],
    ['5215512345678', '5215512345678'],
  ])('%s is %s', (text, digits) => {
    expect(readPhone(text, {})).toEqual({ digits });
  });

  it.each([
    ['987 654 321', '51987654321'],
    ['51987654321', '51987654321'],
    ['5511987654321', '5511987654321'],
    ['+55 11 98765-4321', '5511987654321'],
  ])('where Peru is meant, %s is %s', (text, digits) => {
    expect(readPhone(text, { defaultCountry: 'PE' })).toEqual({ digits });
  });

  it.each([
    ['', /must be a phone number/],
    ['call me', /must be a phone number/],
    ['51987654321@s.whatsapp.net', /must be a phone number/],
    ['+51 987 654', /too short/],
    ['+51 987 654 321 987 654', /too long/],
    ['+999 1234567', /code of a country/],
    ['0987654321', /code of a country/],
    ['+1 111 222 3333', /exists under \+1/],
  ])('"%s" is refused, and says why', (text, problem) => {
    expect(readPhone(text, {}).problem).toMatch(problem);
  });

  it('of the default country it says what is wrong there', () => {
    expect(readPhone('98765', { defaultCountry: 'PE' }).problem).toMatch(/too short/);
  });

  it('takes simulated phones only where there are some', () => {
    expect(readPhone('+999 0000 1000', { simulated: true })).toEqual({ digits: '99900001000' });
    expect(readPhone('99900001000', {}).problem).toMatch(/code of a country/);
  });
});

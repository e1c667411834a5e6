import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { pino } from 'pino';

/** Phone numbers as they may appear in a log line: `55********99`. JSON numbers stay numbers. */
export function maskPhones(text: string): string {
  return text.replace(
    /(?<![\w.-]|":)(\d{2})(\d{5,13})(\d{2})(?=@|:|\b(?![.-]?\d))/g,
    (_all, head: string, middle: string, tail: string) => head + '*'.repeat(middle.length) + tail,
  );
}

/** The one logger. Every line is masked as a whole, so that no field can be forgotten. */
export function createLogger(
  options: { level: string; format: 'json' | 'pretty' },
  out: (text: string) => void = (text) => process.stdout.write(text),
): Logger {
  const write = (line: string) => {
    out(maskPhones(options.format === 'json' ? line : pretty(line)));
  };
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write },
  );
}

const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function pretty(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line);
  const shown = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const cause = err ? `\n  ${err.stack ?? err.message}` : '';
  return `${String(time).slice(11, 19)} ${(LEVELS[level] ?? '').padEnd(5)} ${msg}${shown.join('')}${cause}\n`;
}

/** Nest's own lines: warnings and errors only, through our logger. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message) => logger.debug(String(message)),
    warn: (message) => logger.warn(String(message)),
    error: (message, trace) => logger.error({ trace }, String(message)),
  };
}

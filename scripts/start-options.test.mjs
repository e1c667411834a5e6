import { describe, expect, it } from 'vitest';
import { OptionError, readStartOptions } from './start-options.mjs';

const folders = { cwd: '/home/me', root: '/opt/patchbay' };
const read = (args, env = {}) => readStartOptions(args, env, folders);

describe('options of npm start', () => {
  it('has a default for everything', () => {
    expect(read([])).toEqual({
      help: false,
      port: 3000,
      host: '127.0.0.1',
      data: '/opt/patchbay/storage',
      workers: 0,
      sandbox: false,
      sandboxPort: 3100,
    });
  });

  it('reads the environment', () => {
    const env = { PORT: '8080', STORAGE_ROOT: './data', SANDBOX: '1', SANDBOX_PORT: '8081' };
    expect(read([], env)).toMatchObject({
      port: 8080,
      data: '/opt/patchbay/data',
      sandbox: true,
      sandboxPort: 8081,
    });
  });

  it('lets options win, and takes their folder from where they were typed', () => {
    const args = ['--port', '1', '--data', 'mine', '--sandbox-port=2'];
    const env = { PORT: '8080', STORAGE_ROOT: '/srv', SANDBOX_PORT: '8081' };
    expect(read(args, env)).toMatchObject({ port: 1, data: '/home/me/mine', sandboxPort: 2 });
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'. See: npm start -- --help"],
    [['80'], "Unexpected argument '80'. See: npm start -- --help"],
    [['--port', 'http'], '--port must be a port number from 0 to 65535, not "http"'],
    [['--workers', 'many'], '--workers must be a number from 0 to 64, not "many"'],
    [
      ['--workers', '2'],
      '--workers needs PostgreSQL, which several processes can share: set DATABASE_URL. With the embedded database one process does everything.',
    ],
    [['--port=65536'], '--port must be a port number from 0 to 65535, not "65536"'],
  ])('refuses %j in words', (args, message) => {
    expect(() => read(args)).toThrow(new OptionError(message));
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PacingSettings } from '@patchbay/contract';
import { z } from 'zod';
import { withFiles } from './config-files.js';
import type { CrashAt, CrashPoint } from './crash-point.js';
import { CRASH_POINTS } from './crash-point.js';
import { StartError } from './start-error.js';
import type { Mechanism } from './unsafe.js';
import { MECHANISMS } from './unsafe.js';
import { isAllowedTarget } from './user-urls/address-policy.js';
import type { NumberPlan } from './whatsapp/phone-number.js';
import { isSupportedCountry } from './whatsapp/phone-number.js';

const flag = z
  .enum(['0', '1', 'true', 'false', 'on', 'off'])
  .transform((text) => ['1', 'true', 'on'].includes(text));

const crashAt = z
  .string()
  .regex(/^[a-z-]+:[1-9]\d*$/, 'a crash point and the hit at which to die, like after-commit:3')
  .refine((text) => CRASH_POINTS.includes(text.split(':')[0] as CrashPoint), {
    message: `one of ${CRASH_POINTS.join(', ')}`,
  })
  .transform((text): CrashAt => {
    const [name, hit] = text.split(':');
    return { name: name as CrashPoint, hit: Number(hit) };
  });

const mechanisms = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(MECHANISMS)));

const targets = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .refine((entries) => entries.every(isAllowedTarget), {
    error: 'addresses, ranges like 10.0.0.0/8 and host names, separated by commas',
  });

const people = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .refine(
    (entries) => entries.every((entry) => /^\+?\d{5,20}$|^\d+@(s\.whatsapp\.net|lid)$/.test(entry)),
    {
      error: 'phone numbers with their country code, or jids, separated by commas',
    },
  );

const country = z
  .string()
  .transform((text) => text.trim().toUpperCase())
  .refine(isSupportedCountry, { error: 'two letters of a country, like PE' });

const MEDIA_KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;

const mediaKinds = z
  .string()
  .transform((text) => (text === 'none' ? [] : text.split(',').map((kind) => kind.trim())))
  .pipe(z.array(z.enum(MEDIA_KINDS)));

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  /** What this process does, among those that work on one database. */
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  ADVERTISED_URL: z.url({ protocol: /^https?$/ }).optional(),
  STORAGE_ROOT: z.string().default('./storage'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('pretty'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  BAILEYS_DEBUG: flag.default(false),
  API_KEY: z.string().min(16, 'at least 16 characters').max(512).optional(),
  PATCHBAY_SECRET: z.string().min(16, 'at least 16 characters').optional(),
  PATCHBAY_ENCRYPTION: z.enum(['on', 'off']).default('on'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgres:// address')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'a redis:// or rediss:// address')
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: z.coerce.number().int().min(1).max(65_535).default(6379),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_DB: z.coerce.number().int().min(0).max(10_000).default(0),
  INCOMING_MESSAGES_QUEUE: flag.default(true),
  WHATSAPP_QR_SERVICE_URL: z.url({ protocol: /^https?$/ }).optional(),
  WHATSAPP_QR_SERVICE_SECRET: z.string().min(16, 'at least 16 characters').max(512).optional(),
  WA_WEB_SOCKET_URL: z
    .string()
    .regex(/^wss?:\/\//, 'a ws:// or wss:// address')
    .optional(),
  WA_NOISE_ROOT_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits')
    .optional(),
  WA_MEDIA_CA: z.string().optional(),
  WA_MEDIA_HOST: z.string().optional(),
  WA_WEB_PAGE_HOST: z
    .string()
    .regex(/^[\w.-]+:\d+$/, 'host:port')
    .optional(),
  WA_WEB_PAGE_SPKI: z
    .string()
    .regex(/^[\w+/]{43}=$/, 'a SHA-256 in base64')
    .optional(),
  WA_VERSION: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'like 2.3000.1023223821')
    .optional(),
  SANDBOX_URL: z.url().optional(),
  DEFAULT_COUNTRY: country.optional(),
  DEVICE_NAME: z.string().min(1).max(50).default('Patchbay'),
  PUPPETEER_EXECUTABLE_PATH: z.string().min(1).optional(),
  MAX_BROWSER_SESSIONS: z.coerce.number().int().min(0).max(1000).optional(),
  CHROMIUM_SANDBOX: z.enum(['on', 'off']).optional(),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  MAX_SESSIONS_PER_USER: z.coerce.number().int().min(1).max(1000).default(3),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(3000),
  TRUST_PROXY: targets.default([]),
  MAX_MEMORY_MB: z.coerce.number().min(1).optional(),
  MAX_EVENT_LOOP_DELAY_MS: z.coerce.number().min(1).optional(),
  RESTORE_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(50),
  ALLOW_PRIVATE_TARGETS: targets.default([]),
  KEEP_EVENTS_DAYS: z.coerce.number().min(2).max(36_500).default(30),
  KEEP_MESSAGES_DAYS: z.coerce.number().min(7).max(36_500).optional(),
  KEEP_MEDIA_DAYS: z.coerce.number().min(1).max(36_500).optional(),
  KEEP_DELIVERIES_DAYS: z.coerce.number().min(1).max(36_500).default(14),
  KEEP_FAILED_JOBS_DAYS: z.coerce.number().min(1).max(36_500).default(30),
  KEEP_AUDIT_DAYS: z.coerce.number().min(1).max(36_500).default(365),
  SEND_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(20),
  SEND_PER_DAY: z.coerce.number().int().min(0).max(1_000_000).default(1000),
  SEND_NEW_CHATS_PER_DAY: z.coerce.number().int().min(0).max(1_000_000).default(0),
  SEND_JITTER_SECONDS: z.coerce.number().min(0).max(60).default(1),
  TOWER_ADMIN_JIDS: people.default([]),
  MEILI_URL: z.url({ protocol: /^https?$/ }).optional(),
  MEILI_MASTER_KEY: z.string().min(1).optional(),
  MEDIA_DOWNLOAD: mediaKinds.default(['image', 'video', 'audio', 'document', 'sticker']),
  MEDIA_DOWNLOAD_MAX_MB: z.coerce.number().min(0).max(2048).default(16),
  MEDIA_UPLOAD_MAX_MB: z.coerce.number().min(0.001).max(2048).default(16),
  FFMPEG_PATH: z.string().min(1).default('ffmpeg'),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PREFIX: z
    .string()
    .regex(/^[\w./-]*$/, 'letters, digits, and . / - _')
    .default(''),
  PATCHBAY_CRASH_AT: crashAt.optional(),
  PATCHBAY_UNSAFE: mechanisms.optional(),
});

/** Other names of the same setting, as earlier systems had them. */
const ALIASES: Record<string, string> = {
  WHATSAPP_BRIDGE_API_KEY: 'API_KEY',
  WHATSAPP_SESSION_PATH: 'STORAGE_ROOT',
};

/** Settings of designs that were split over several processes: refused rather than ignored. */
const WITHOUT_MEANING: Record<string, string> = {
  WHATSAPP_BRIDGE_URL: 'sessions run in this process; there is no bridge to call',
  WHATSAPP_BRIDGE_PORT: 'everything is on one port: set PORT',
  BRIDGE_PORT: 'everything is on one port: set PORT',
  API_PORT: 'everything is on one port: set PORT',
  WS_PORT: 'the event stream is on the same port: set PORT',
  WEB_PORT: 'the pages are on the same port: set PORT',
  WEBSOCKET_URL: 'pages and event stream share one address; leave it out',
  PUBLIC_WS_URL: 'pages and event stream share one address; leave it out',
  NEXT_PUBLIC_WS_URL: 'pages and event stream share one address; leave it out',
  VITE_WS_URL: 'pages and event stream share one address; leave it out',
};

export type Config = ReturnType<typeof readConfig>;

/**
 * Libraries write temporary files where `os.tmpdir()` says, as Baileys does with what it encrypts to
 * upload it. From now on that is this folder.
 */
export function useTemporaryFolder(folder: string): void {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
}

/**
 * The settings of this process, from the environment and a `.env` file in the working folder (the
 * environment wins). Throws a StartError that names every wrong variable.
 */
export function readConfig(environment: NodeJS.ProcessEnv = fromProcess()) {
  const settings = withFiles(
    Object.fromEntries(
      Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
    ),
  );
  const useless = Object.keys(settings).filter((name) => name in WITHOUT_MEANING);
  if (useless.length > 0) {
    throw new StartError(useless.map((name) => `${name}: ${WITHOUT_MEANING[name]}`).join('\n'));
  }
  for (const [alias, name] of Object.entries(ALIASES)) settings[name] ??= settings[alias];
  const parsed = Environment.safeParse(settings);
  if (!parsed.success) {
    throw new StartError(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.')}: ${issue.message} (see docs/configuration.md)`)
        .join('\n'),
    );
  }
  const env = parsed.data;
  if (env.ROLE !== 'all' && !env.DATABASE_URL) {
    throw new StartError(
      `ROLE: "${env.ROLE}" needs PostgreSQL, which several processes can share: set DATABASE_URL. ` +
        'With the embedded database one process does everything (see docs/configuration.md)',
    );
  }
  refuseHarmOutsideTheSandbox(env);
  return {
    port: env.PORT,
    host: env.HOST,
    role: env.ROLE,
    /** Where other processes of ours reach this one; undefined: where it listens. */
    address: env.ADVERTISED_URL?.replace(/\/$/, ''),
    storageRoot: resolve(env.STORAGE_ROOT),
    logFormat: env.LOG_FORMAT,
    logLevel: env.LOG_LEVEL,
    engineDebug: env.BAILEYS_DEBUG,
    apiKey: env.API_KEY,
    secret: env.PATCHBAY_SECRET,
    encrypt: env.PATCHBAY_ENCRYPTION === 'on',
    databaseUrl: env.DATABASE_URL,
    redisUrl: redisUrlOf(env),
    /** Whether programs of users get `incoming-messages`, where there is Redis. */
    incomingMessagesQueue: env.INCOMING_MESSAGES_QUEUE,
    /** A separate process that has the sessions of chatbots. */
    sessionProcess: sessionProcessOf(env),
    endpoint: {
      ...(env.WA_WEB_SOCKET_URL && { webSocketUrl: env.WA_WEB_SOCKET_URL }),
      ...(env.WA_NOISE_ROOT_KEY && { noiseRootKey: Buffer.from(env.WA_NOISE_ROOT_KEY, 'hex') }),
      ...(env.WA_MEDIA_CA && { mediaCa: readMediaCa(env.WA_MEDIA_CA) }),
      ...(env.WA_MEDIA_HOST && { mediaHost: env.WA_MEDIA_HOST }),
    },
    /** Of sessions that run in a browser. */
    browsers: {
      executable: env.PUPPETEER_EXECUTABLE_PATH,
      path: env.PATH,
      /** undefined: as many as half of the memory has room for. */
      most: env.MAX_BROWSER_SESSIONS,
      /** undefined: unless this process runs as root. */
      sandbox: env.CHROMIUM_SANDBOX && env.CHROMIUM_SANDBOX === 'on',
      /** A page in WhatsApp Web's place. */
      page: webPageOf(env),
    },
    clientVersion: env.WA_VERSION?.split('.').map(Number) as [number, number, number] | undefined,
    sandboxUrl: env.SANDBOX_URL?.replace(/\/$/, ''),
    /** How phone numbers that people write are understood. */
    numbers: {
      defaultCountry: env.DEFAULT_COUNTRY,
      simulated: env.SANDBOX_URL !== undefined,
    } satisfies NumberPlan as NumberPlan,
    deviceName: env.DEVICE_NAME,
    maxSessionsPerUser: env.MAX_SESSIONS_PER_USER,
    /** Requests of one key or user; null: any number. */
    rateLimit: env.RATE_LIMIT_PER_MINUTE || null,
    /** Addresses of proxies that say truly for whom they ask. */
    trustProxy: env.TRUST_PROXY,
    /** Beyond which this process takes no more sessions. */
    limits: {
      rss: env.MAX_MEMORY_MB && env.MAX_MEMORY_MB * 1024 * 1024,
      loopDelay: env.MAX_EVENT_LOOP_DELAY_MS,
    },
    restoreConcurrency: env.RESTORE_CONCURRENCY,
    allowPrivateTargets: env.ALLOW_PRIVATE_TARGETS,
    keepDays: {
      events: env.KEEP_EVENTS_DAYS,
      messages: env.KEEP_MESSAGES_DAYS,
      media: env.KEEP_MEDIA_DAYS,
      deliveries: env.KEEP_DELIVERIES_DAYS,
      failedJobs: env.KEEP_FAILED_JOBS_DAYS,
      audit: env.KEEP_AUDIT_DAYS,
    },
    /** Of sessions that set nothing else. */
    pacing: {
      perMinute: env.SEND_PER_MINUTE || null,
      perDay: env.SEND_PER_DAY || null,
      newChatsPerDay: env.SEND_NEW_CHATS_PER_DAY || null,
      jitterSeconds: env.SEND_JITTER_SECONDS,
      typingSeconds: 0,
      quietHours: null,
      timeZone: 'UTC',
    } satisfies PacingSettings,
    media: {
      download: { kinds: env.MEDIA_DOWNLOAD, maxSize: env.MEDIA_DOWNLOAD_MAX_MB * 1024 * 1024 },
      /** Bytes. */
      maxUpload: Math.floor(env.MEDIA_UPLOAD_MAX_MB * 1024 * 1024),
      ffmpeg: env.FFMPEG_PATH,
      s3: bucketOf(env),
    },
    /** Whose star approves, at the very first start. */
    knowledgeAdmins: env.TOWER_ADMIN_JIDS,
    meili: env.MEILI_URL ? { url: env.MEILI_URL, key: env.MEILI_MASTER_KEY } : undefined,
    crashAt: env.PATCHBAY_CRASH_AT,
    unsafe: env.PATCHBAY_UNSAFE ?? ([] as Mechanism[]),
  };
}

/** What only the crash harness may ask for. WhatsApp itself is not signed by another root. */
function refuseHarmOutsideTheSandbox(env: z.infer<typeof Environment>): void {
  const asked = (['PATCHBAY_CRASH_AT', 'PATCHBAY_UNSAFE'] as const).filter((name) => env[name]);
  if (asked.length === 0 || (env.WA_WEB_SOCKET_URL && env.WA_NOISE_ROOT_KEY)) return;
  throw new StartError(
    asked
      .map((name) => `${name}: only against a sandbox (WA_WEB_SOCKET_URL, WA_NOISE_ROOT_KEY)`)
      .join('\n'),
  );
}

/** The address as it is given, or made of its parts. */
function redisUrlOf(env: z.infer<typeof Environment>): string | undefined {
  if (env.REDIS_URL || !env.REDIS_HOST) return env.REDIS_URL;
  const password = env.REDIS_PASSWORD ? `:${encodeURIComponent(env.REDIS_PASSWORD)}@` : '';
  return `redis://${password}${env.REDIS_HOST}:${env.REDIS_PORT}/${env.REDIS_DB}`;
}

/** The process is named together with the secret that both know, or not at all. */
function sessionProcessOf(env: z.infer<typeof Environment>) {
  const { WHATSAPP_QR_SERVICE_URL: url, WHATSAPP_QR_SERVICE_SECRET: secret } = env;
  if (!url) return undefined;
  if (secret) return { url, secret };
  throw new StartError(
    'WHATSAPP_QR_SERVICE_URL: WHATSAPP_QR_SERVICE_SECRET must be set too (see docs/configuration.md)',
  );
}

/** The page is named together with the key that its certificate has, or not at all. */
function webPageOf(env: z.infer<typeof Environment>) {
  const { WA_WEB_PAGE_HOST: host, WA_WEB_PAGE_SPKI: spki } = env;
  if (!host && !spki) return undefined;
  if (host && spki) return { host, spki };
  throw new StartError(
    'WA_WEB_PAGE_HOST, WA_WEB_PAGE_SPKI: both must be set or none (see docs/configuration.md)',
  );
}

/** A bucket is named together with how to get at it, or not at all. */
function bucketOf(env: z.infer<typeof Environment>) {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = env;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket) return undefined;
  if (!endpoint || !accessKeyId || !secretAccessKey) {
    throw new StartError(
      'S3_BUCKET: S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set too (see docs/configuration.md)',
    );
  }
  const { S3_REGION: region, S3_PREFIX: prefix } = env;
  return { endpoint, bucket, region, accessKeyId, secretAccessKey, prefix };
}

function fromProcess(): NodeJS.ProcessEnv {
  const file = join(process.cwd(), '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

function readMediaCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new StartError(`WA_MEDIA_CA: the file ${path} cannot be read`);
  }
}

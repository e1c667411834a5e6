/** Commands over the channel between the benchmark and the processes that it measures. */
export interface Request {
  id: number;
  command: string;
  argument: unknown;
}

export interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** In a measured process: answers these commands; others are somebody else's. */
export function answer(commands: Record<string, (argument: never) => Promise<unknown>>): void {
  process.on('message', ({ id, command, argument }: Request) => {
    commands[command]?.(argument as never).then(
      (result) => process.send?.({ id, result } satisfies Answer),
      (error: Error) =>
        process.send?.({ id, error: error.stack ?? String(error) } satisfies Answer),
    );
  });
}

/** In a measured process: commands are taken from now on. */
export function announceReady(): void {
  process.send?.({ id: 0 } satisfies Answer);
}

import { describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { moveStory } from './testing/move-story.js';

describe('moving 200,000 messages and 50 sessions', () => {
  it('needs a PostgreSQL to move to', () => {
    expect(databases).toContain('postgres');
  });

  if (databases.includes('postgres')) {
    it('goes on after SIGKILL in events and in messages, and all numbers connect', async () => {
      const output = await moveStory({
        sessions: 50,
        messages: 200_000,
        kills: ['before-batch-moved:60', 'after-batch-moved:160', 'before-batch-moved:130'],
      });
      process.stdout.write(output);
    }, 600_000);
  }
});

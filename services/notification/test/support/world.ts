import { randomBytes } from 'node:crypto';
import { type TestWorld, testWorld } from '@lienthong/testkit';
import { notification } from '../../src/service.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';

export interface World extends TestWorld {
  post: PostOffice;
}

/** The real service, a real mail server, and event logs that stand in for the other services. */
export async function openWorld(env: Record<string, string> = {}, processes = 1): Promise<World> {
  const post = await openPostOffice();
  const world = await testWorld(notification, {
    sources: ['directory', 'casework', 'routing', 'feed'],
    processes,
    env: {
      LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SMTP_URL: `smtp://127.0.0.1:${post.port}`,
      SMTP_STARTTLS: 'never',
      MAIL_FROM: 'Liên Thông <thongbao@vinhlong.example>',
      NOTIFICATION_SEND_CHECK_MS: '20',
      NOTIFICATION_REMINDER_CHECK_MS: '50',
      ...env,
    },
  });
  const { stop } = world;
  return Object.assign(world, {
    post,
    async stop() {
      await stop();
      await post.close();
    },
  });
}

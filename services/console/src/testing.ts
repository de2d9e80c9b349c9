/** For tests and benchmarks: people who have signed in. */
import type { Sealer } from '@lienthong/kit';
import { sealValue } from './session/sealed-cookie.ts';
import type { Session } from './session/session.ts';
import { SESSION_COOKIE } from './session/sign-in.ts';

/** The Cookie header of a session without TLS, for an hour. */
export const sessionCookie = (sealer: Sealer, session: Session): string =>
  `${SESSION_COOKIE}=${sealValue(sealer, SESSION_COOKIE, session, 3_600)}`;

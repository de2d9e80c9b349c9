import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { endWithParent } from '@lienthong/embedded';

// The service that Restate calls: a case with its tasks, as an object whose state Restate keeps.

interface Context {
  get<T>(name: string): Promise<T | null>;
  set<T>(name: string, value: T): void;
}
interface Restate {
  object(definition: {
    name: string;
    handlers: Record<string, (ctx: Context, body: never) => Promise<unknown>>;
  }): unknown;
  endpoint(): { bind(service: unknown): { listen(port: number): Promise<number> } };
  TerminalError: new (message: string) => Error;
}

interface Case {
  applicant: string;
  done: { task: number; outcome: string }[];
}

endWithParent();
const modules = createRequire(process.env.PEER_MODULES as string);
const { object, endpoint, TerminalError }: Restate = await import(
  pathToFileURL(modules.resolve('@restatedev/restate-sdk')).href
);

const cases = object({
  name: 'Case',
  handlers: {
    async open(ctx, { applicant }: { applicant: string }) {
      if ((await ctx.get<Case>('case')) !== null) throw new TerminalError('the case is open');
      ctx.set<Case>('case', { applicant, done: [] });
      return { tasks: 1 };
    },
    async complete(ctx, { task, outcome }: { task: number; outcome: string }) {
      const opened = await ctx.get<Case>('case');
      if (opened?.done.length !== task - 1) throw new TerminalError(`task ${task} is not next`);
      ctx.set<Case>('case', { ...opened, done: [...opened.done, { task, outcome }] });
      return { tasks: task + 1 };
    },
  },
});
console.log(`listens 127.0.0.1:${await endpoint().bind(cases).listen(0)}`);

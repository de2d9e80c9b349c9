import { openLine } from '@lienthong/testkit';
import { onTestFinished } from 'vitest';

/** A TCP line to `address` that can be cut while in use; new connections go through. */
export async function cuttableLine(address: string): Promise<{ address: string; cut: () => void }> {
  const line = await openLine(address);
  onTestFinished(() => line.close());
  return {
    address: line.url,
    cut() {
      line.cut();
      line.mend();
    },
  };
}

import { Exit } from '../failure.ts';
import type { Output } from '../output/output.ts';

/** What was tried on a system, and how it went. */
export interface Finding {
  check: string;
  /** What the system should do. */
  expected: string;
  /** What it did. */
  found: string;
  passed: boolean;
}

/** Prints the findings; the exit status says whether all are right. */
export function report(out: Output, findings: readonly Finding[]): Exit {
  out.list(
    findings,
    [
      { title: 'Đạt', of: ({ passed }) => (passed ? 'đạt' : 'KHÔNG ĐẠT') },
      { title: 'Kiểm tra / check', of: ({ check }) => check },
      { title: 'Mong đợi / expected', of: ({ expected }) => expected },
      { title: 'Thực tế / found', of: ({ found }) => found, cut: true },
    ],
    (finding) => finding,
  );
  const failed = findings.filter(({ passed }) => !passed).length;
  out.note(
    failed === 0
      ? `Đạt cả ${findings.length} kiểm tra / all ${findings.length} checks passed`
      : `Không đạt ${failed} trong ${findings.length} kiểm tra / ${failed} of ${findings.length} checks failed`,
  );
  return failed === 0 ? Exit.DONE : Exit.REFUSED;
}

import type { registry } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { problemOf } from '../../api/problem.ts';

/** What the register has of a code that is being written. */
export interface Beginning {
  /** Of the draft; '' and 0 where there is none yet. */
  procedureId: string;
  revision: number;
  text: string;
  /** The newest version that was published, its number and id; '' and 0 of a new code. */
  before: string;
  beforeVersion: number;
  beforeId: string;
}

const NOTHING: Beginning = {
  procedureId: '',
  revision: 0,
  text: '',
  before: '',
  beforeVersion: 0,
  beforeId: '',
};

/** The draft of a code, or else its newest version, as text; of no code a text to begin with. */
export const useBeginning = (code: string) =>
  useQuery({
    queryKey: ['registry', 'beginning', code] as const,
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Beginning> => {
      if (code === '') return { ...NOTHING, text: TEMPLATE };
      const versions = await readVersions(code, signal);
      const draft = versions.find(({ state }) => DRAFTS.includes(state));
      const before = versions.find(({ state }) => !DRAFTS.includes(state));
      const textOf = async (procedureId: string | undefined) =>
        procedureId === undefined
          ? ''
          : (await call('registry.v1.ProcedureRegistryService/ExportProcedures', { procedureId }, signal))
              .yaml;
      // The revision first: a text that is newer than it is refused when it is saved, and never the other way round.
      const revision =
        draft === undefined
          ? 0
          : (
              await call(
                'registry.v1.ProcedureRegistryService/GetProcedure',
                { procedureId: draft.id },
                signal,
              )
            ).procedure?.revision;
      const [draftText, beforeText] = [await textOf(draft?.id), await textOf(before?.id)];
      return {
        procedureId: draft?.id ?? '',
        revision: revision ?? 0,
        text: draft === undefined ? beforeText : draftText,
        before: beforeText,
        beforeVersion: before?.version ?? 0,
        beforeId: before?.id ?? '',
      };
    },
  });

/** None of a code that the register does not have (any more). */
async function readVersions(code: string, signal: AbortSignal): Promise<registry.ProcedureSummary[]> {
  try {
    return (await call('registry.v1.ProcedureRegistryService/ListVersions', { code }, signal)).versions;
  } catch (error) {
    if (problemOf(error).reason === 'PROCEDURE_UNKNOWN') return [];
    throw error;
  }
}

export const DRAFTS: readonly string[] = ['PROCEDURE_STATE_DRAFT', 'PROCEDURE_STATE_VALIDATED'];

const TEMPLATE = `code: ""
name: ""
field: ""
tiers: [commune]
ways: [{channel: in_person}, {channel: online}]
papers:
  - {key: to-khai, name: Tờ khai, originals: 1, mandatory: true}
executing_agency: intake
deciding_agency: intake
results:
  - {key: ket-qua, name: Giấy chứng nhận}
legal_basis:
  - ""
time_limit: {days: 3}
workflow:
  key: quy-trinh
  sequence:
    - key: tham-dinh
      step:
        name: Thẩm định hồ sơ
        performer: intake
        time_limit: {days: 2}
        outcomes:
          - {key: dat, name: Đủ điều kiện}
          - {key: khong-dat, name: Không đủ điều kiện, effect: refuse}
    - key: ky-duyet
      step:
        name: Ký duyệt kết quả
        performer: intake
        time_limit: {days: 1}
        outcomes:
          - {key: da-ky, name: Đã ký}
        produces: [ket-qua]
`;

import type { registry } from '@lienthong/contracts/json';
import { useText } from '../../text/text.tsx';
import { FieldGroup, TextField } from '../../ui/field.tsx';
import { OneFile } from '../../ui/one-file.tsx';

/** What is handed in of one required paper. */
export interface HandedIn {
  originals: number;
  copies: number;
  sha256: string;
}
/** By the keys of the procedure's papers. */
export type Papers = Record<string, HandedIn>;

const NOTHING: HandedIn = { originals: 0, copies: 0, sha256: '' };
const isHandedIn = ({ originals, copies, sha256 }: HandedIn): boolean =>
  originals > 0 || copies > 0 || sha256 !== '';

/** What a request says of the papers that are there. */
export const handedIn = (required: readonly registry.RequiredPaper[], papers: Papers) =>
  required.flatMap(({ key, name }) => {
    const given = papers[key];
    return given !== undefined && isHandedIn(given) ? [{ key, name, ...given }] : [];
  });

export const handIn = (papers: Papers, key: string, change: Partial<HandedIn>): Papers => ({
  ...papers,
  [key]: { ...NOTHING, ...papers[key], ...change },
});

interface PapersProps {
  required: readonly registry.RequiredPaper[];
  papers: Papers;
  onChange: (key: string, change: Partial<HandedIn>) => void;
  error: string | undefined;
}

/** The papers of a case: how many originals and copies were seen, and the file of a scan. */
export function PaperFields({ required, papers, onChange, error }: PapersProps) {
  const { t } = useText();
  return (
    <FieldGroup label={t('dossier.papers')} error={error}>
      {required.map((paper) => {
        const given = papers[paper.key] ?? NOTHING;
        const needs = [
          paper.originals > 0 && t('paper.originals', { count: paper.originals }),
          paper.copies > 0 && t('paper.copies', { count: paper.copies }),
          paper.form,
          !(paper.mandatory && paper.condition === '') && t('paper.ifAny'),
        ].filter(Boolean);
        return (
          <FieldGroup key={paper.key} className="panel" label={paper.name}>
            <p className="small muted">{needs.join(' · ')}</p>
            <div className="pair">
              <TextField
                label={t('paper.originalsSeen')}
                type="number"
                min={0}
                max={99}
                value={String(given.originals)}
                onChange={(event) => onChange(paper.key, { originals: Number(event.target.value) || 0 })}
              />
              <TextField
                label={t('paper.copiesGiven')}
                type="number"
                min={0}
                max={99}
                value={String(given.copies)}
                onChange={(event) => onChange(paper.key, { copies: Number(event.target.value) || 0 })}
              />
            </div>
            <OneFile
              label={t('paper.scan')}
              error={undefined}
              onChange={(sha256) => onChange(paper.key, { sha256 })}
            />
          </FieldGroup>
        );
      })}
    </FieldGroup>
  );
}

/** Papers that a case always needs and that are not there. */
export const missingPapers = (required: readonly registry.RequiredPaper[], papers: Papers): string[] =>
  required
    .filter(
      ({ key, mandatory, condition }) => mandatory && condition === '' && !isHandedIn(papers[key] ?? NOTHING),
    )
    .map(({ name }) => name);

import type { registry } from '@lienthong/contracts/json';
import { durationText } from '../text/duration.ts';
import { type Key, useText } from '../text/text.tsx';

export type BlockState = 'now' | 'done' | 'wrong' | 'doubtful';

interface WayProps {
  block: registry.Block;
  /** How it stands with a block, by its key. */
  stateOf?: (key: string) => BlockState | undefined;
}

const NO_STATE = () => undefined;
const BADGES: Record<BlockState, [Key, string]> = {
  now: ['workflow.now', 'badge-accent'],
  done: ['workflow.done', 'badge-good'],
  wrong: ['workflow.wrong', 'badge-danger'],
  doubtful: ['workflow.doubtful', 'badge-warn'],
};

/** Blocks one after the other. */
export const Way = (props: WayProps) => (
  <ol className="way">
    <BlockItems {...props} />
  </ol>
);

function BlockItems({ block, stateOf = NO_STATE }: WayProps) {
  const { t } = useText();
  const { key, step, sequence, parallel, consultation, choice, handOver, subProcedure } = block;
  if (sequence !== undefined)
    return sequence.blocks.map((one) => <BlockItems key={one.key} block={one} stateOf={stateOf} />);
  if (parallel !== undefined)
    return (
      <li className="fork">
        <p className="small muted">{t(JOINS[parallel.join])}</p>
        <div className="ways">
          {parallel.branches.map(
            ({ block: one, lead }) =>
              one && (
                <div key={one.key}>
                  {lead && <p className="small muted">{t('workflow.lead')}</p>}
                  <Way block={one} stateOf={stateOf} />
                </div>
              ),
          )}
        </div>
      </li>
    );
  if (choice !== undefined) {
    const ways = [...choice.cases.map(({ block: one }) => one), choice.otherwise];
    return (
      <li className="fork">
        <p className="small muted">{t('workflow.choice')}</p>
        <div className="ways">
          {ways.map((one) =>
            one === undefined ? (
              <p key="otherwise" className="small">
                {t('workflow.nothing')}
              </p>
            ) : (
              <Way key={one.key} block={one} stateOf={stateOf} />
            ),
          )}
        </div>
      </li>
    );
  }
  const work = step ?? consultation ?? handOver ?? subProcedure;
  if (work === undefined) return null;
  const state = stateOf(key);
  return (
    <li className="work" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span>{work.name}</span>
      <span className="row">
        {'timeLimit' in work && <span className="small muted">{durationText(work.timeLimit, t)}</span>}
        {state !== undefined && <span className={`badge ${BADGES[state][1]}`}>{t(BADGES[state][0])}</span>}
      </span>
    </li>
  );
}

const JOINS: Record<registry.Join, Key> = {
  JOIN_UNSPECIFIED: 'workflow.joinAll',
  JOIN_ALL: 'workflow.joinAll',
  JOIN_LEAD: 'workflow.joinLead',
  JOIN_FIRST: 'workflow.joinFirst',
};

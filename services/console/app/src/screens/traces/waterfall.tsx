import type { traces } from '@lienthong/contracts/json';
import { useText } from '../../text/text.tsx';
import { Bar } from '../../ui/bar.tsx';
import { durationText, waterfall } from './bars.ts';

/** What ran when: a table, whose bars are for the eye alone. */
export function Waterfall({ spans }: { spans: readonly traces.Span[] }) {
  const { t, language } = useText();
  return (
    <div className="table-scroll">
      <table className="waterfall">
        <thead>
          <tr>
            <th scope="col">{t('traces.span')}</th>
            <th scope="col" className="number">
              {t('traces.duration')}
            </th>
            <th scope="col">{t('traces.course')}</th>
          </tr>
        </thead>
        <tbody>
          {waterfall(spans).map(({ span, depth, from, length }) => (
            <tr key={span.spanId}>
              <th scope="row" data-depth={Math.min(depth, 8)}>
                {shortName(span.name)}
                {span.failed && <span className="badge badge-danger">{t('traces.failed')}</span>}
                <span className="small muted">{about(span)}</span>
              </th>
              <td className="number">{durationText(Number(span.durationUs), language)}</td>
              <td>
                <Bar from={from} length={length} tone={span.failed ? 'failed' : undefined} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "lienthong.casework.v1.CaseworkService/LodgeDossier" → "LodgeDossier". */
export const shortName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

const about = ({ service, attributes }: traces.Span): string =>
  [
    service,
    attributes['lienthong.dossier'],
    attributes['rpc.response.status_code'] ?? attributes['error.type'],
  ]
    .filter(Boolean)
    .join(' · ');

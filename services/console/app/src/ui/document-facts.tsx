import type { routing } from '@lienthong/contracts/json';
import { dateText } from '../text/dates.ts';
import { numberOf, typeName } from '../text/document.ts';
import { useText } from '../text/text.tsx';

/** What a document says of itself. */
export function DocumentFacts({ document }: { document: routing.Document }) {
  const { t, language } = useText();
  const { signer } = document;
  const rows: [string, string][] = [
    [t('document.number'), numberOf(document)],
    [t('document.type'), typeName(document.type)],
    [t('document.issuer'), document.issuerName],
    [
      t('document.promulgatedOn'),
      [document.place, dateText(document.promulgatedOn, language)].filter(Boolean).join(', '),
    ],
    [
      t('document.signer'),
      [signer?.competence, signer?.position, signer?.fullName].filter(Boolean).join(' '),
    ],
    [t('document.dueOn'), dateText(document.dueOn, language)],
    [t('document.changeReason'), document.businessReason],
    [t('document.content'), document.content],
    [t('document.toPlaces'), document.toPlaces.join('; ')],
    [t('document.appendixes'), document.appendixes.join('; ')],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, text]) => text !== '')
        .map(([name, text]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

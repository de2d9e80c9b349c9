import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { query } from '../../api/query-client.ts';
import { codeOf, nameOf, parentOf, tierOf } from '../../text/agency.ts';
import { dateText } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Lineage } from './lineage.tsx';
import { Officers } from './officers.tsx';
import { hoursText, periodText } from './periods.ts';

const route = getRouteApi('/co-quan/$agencyId');

const TIERS: Record<ReturnType<typeof tierOf>, Key> = {
  TIER_UNSPECIFIED: 'tier.none',
  TIER_MINISTRY: 'tier.ministry',
  TIER_PROVINCE: 'tier.province',
  TIER_DEPARTMENT: 'tier.department',
  TIER_DISTRICT: 'tier.district',
  TIER_COMMUNE: 'tier.commune',
};

/** An agency: its names, codes and hours through time, its officers, and where its work comes from and went. */
export function AgencyScreen() {
  const { t, language } = useText();
  const { agencyId } = route.useParams();
  const found = useQuery(query('directory.v1.AgencyDirectoryService/GetAgency', { agencyId }));
  const agency = found.data?.agency;
  const parentId = agency === undefined ? '' : parentOf(agency);
  const parent = useQuery({
    ...query('directory.v1.AgencyDirectoryService/GetAgency', { agencyId: parentId }),
    enabled: parentId !== '',
  }).data?.agency;
  if (agency === undefined)
    return (
      <Screen title={t('agencies.title')}>
        {found.error === null ? (
          <p className="empty">{t('list.loading')}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Screen>
    );
  const { names, identifiers, officeHours, establishedOn, endedOn } = agency;
  const rows: [string, string[]][] = [
    [t('agency.tier'), [t(TIERS[tierOf(agency)])]],
    [t('agency.established'), [dateText(establishedOn, language)]],
    [t('agency.ended'), [dateText(endedOn, language)]],
    [t('agency.names'), names.map((one) => `${one.name}${periodText(one, t, language)}`)],
    [t('agency.codes'), identifiers.map((one) => `${one.code?.code ?? ''}${periodText(one, t, language)}`)],
    [
      t('agency.hours'),
      officeHours.length === 0
        ? [t('agency.defaultHours')]
        : officeHours.flatMap((one) => [...hoursText(one.spans, language), periodText(one, t, language)]),
    ],
  ];
  return (
    <Screen key={agencyId} title={nameOf(agency)}>
      <div className="row">
        <span className="badge number">{codeOf(agency)}</span>
        {endedOn !== '' && (
          <span className="badge badge-danger">
            {t('agency.endedOn', { date: dateText(endedOn, language) })}
          </span>
        )}
        {parent !== undefined && (
          <span>
            {t('agency.parent')}{' '}
            <Link to="/co-quan/$agencyId" params={{ agencyId: parent.id }}>
              {nameOf(parent)}
            </Link>
          </span>
        )}
      </div>
      <div className="columns">
        <div className="stack">
          <section className="panel" aria-label={t('agency.facts')}>
            <dl className="facts">
              {rows
                .map(([name, texts]) => [name, texts.filter(Boolean)] as const)
                .filter(([, texts]) => texts.length > 0)
                .map(([name, texts]) => (
                  <div key={name} className="fact">
                    <dt>{name}</dt>
                    <dd>
                      {texts.map((text) => (
                        <p key={text}>{text}</p>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
          <Lineage agencyId={agencyId} />
        </div>
        <Officers agencyId={agencyId} />
      </div>
    </Screen>
  );
}

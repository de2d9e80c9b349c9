import { type Clock, type Tx, vietnamDate } from '@lienthong/kit';
import { nameAt, properName, type ReferenceCache } from '@lienthong/reference-data';
import type { DocumentLabel, Intent, RuleWorld } from './domain/intent.ts';
import { planFor } from './domain/plan.ts';
import { recipientsOf } from './domain/recipients.ts';
import type { Templates } from './domain/templates.ts';
import type { KnownChannel } from './domain/topics.ts';
import { readPeople } from './store/people.ts';
import { insertPlanned } from './store/write-planned.ts';

export interface PlannerDeps {
  clock: Clock;
  reference: ReferenceCache;
  templates: Templates;
  /** Channels with a provider, in-app among them. */
  configured: ReadonlySet<KnownChannel>;
  /** Where citizens see a dossier; its code replaces {code}. */
  dossierUrl?: string | undefined;
}

export interface Planner {
  /** Brings this process's copy of the directory up to date. */
  refresh(tx: Tx): Promise<unknown>;
  /** What rules look up after `refresh`; valid until the transaction ends. */
  world(documents?: ReadonlyMap<string, DocumentLabel>): RuleWorld;
  /** Turns intents into messages, in the transaction of the event that caused them. */
  plan(tx: Tx, intents: readonly Intent[]): Promise<void>;
}

export function createPlanner({ clock, reference, templates, configured, dossierUrl }: PlannerDeps): Planner {
  return {
    refresh: (tx) => reference.refresh(tx),
    world(documents) {
      const today = vietnamDate(clock.now());
      return {
        nameOf(agencyId) {
          const agency = reference.agencies.get(agencyId);
          return agency ? properName(nameAt(agency, today)) : '';
        },
        officerName: (id) => reference.officers.get(id)?.fullName.normalize('NFC') ?? '',
        linkTo: (code) => dossierUrl?.replaceAll('{code}', encodeURIComponent(code)) ?? '',
        documentOf: (id) => documents?.get(id),
      };
    },
    async plan(tx, intents) {
      if (intents.length === 0) return;
      const now = clock.now();
      const today = vietnamDate(now);
      const pairs = intents.flatMap((intent) =>
        recipientsOf(reference, intent.audience, today).map((recipient) => ({ intent, recipient })),
      );
      if (pairs.length === 0) return;
      const [people] = await Promise.all([
        readPeople(
          tx,
          pairs.map(({ recipient }) => recipient),
        ),
        templates.refresh(tx),
      ]);
      const settings = { configured, calendarOf: reference.calendars.of, now };
      const planned = pairs.flatMap(({ intent, recipient }) => planFor(intent, recipient, people, settings));
      insertPlanned(tx, planned, templates, now);
    },
  };
}

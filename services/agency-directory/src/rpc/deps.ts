import {
  AgencyDirectoryServiceDefinition,
  CalendarServiceDefinition,
  CertificateServiceDefinition,
} from '@lienthong/contracts/directory';
import { type CommandBus, commandWith } from '@lienthong/eventlog';
import { type Database, methodsWith, type Policy } from '@lienthong/kit';
import type { DecideYear } from '../domain/calendar.ts';
import type { CertificateCommand, CertificateReply } from '../domain/certificates.ts';
import type { Command } from '../domain/decide.ts';

/** What the handlers work with. */
export interface Deps {
  db: Database;
  commands: CommandBus<Command, unknown>;
}

/** What the calendar's handlers work with. */
export interface CalendarDeps {
  db: Database;
  commands: CommandBus<DecideYear, unknown>;
}

/** What the handlers of certificates work with. */
export interface CertificateDeps {
  db: Database;
  commands: CommandBus<CertificateCommand, CertificateReply>;
}

export const ADMINISTRATORS: Policy = { anyOf: ['admin'] };
/** A leader acts for their own agency only: the domain checks it. */
export const APPOINTS_OFFICERS: Policy = { anyOf: ['admin', 'leader'] };

export const REGISTERS_CERTIFICATES = APPOINTS_OFFICERS;

export const { methods: Directory } = AgencyDirectoryServiceDefinition;
export const { query, list, upload } = methodsWith<Deps>();
export const command = commandWith<Deps>();

export const { methods: Calendar } = CalendarServiceDefinition;
export const { query: calendarQuery } = methodsWith<CalendarDeps>();
export const calendarCommand = commandWith<CalendarDeps>();

export const { methods: Certificates } = CertificateServiceDefinition;
export const { list: certificateList } = methodsWith<CertificateDeps>();
export const certificateCommand = commandWith<CertificateDeps>();

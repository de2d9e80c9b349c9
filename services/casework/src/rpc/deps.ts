import {
  CaseworkServiceDefinition,
  CitizenFileServiceDefinition,
  CitizenPaymentServiceDefinition,
  DossierFileServiceDefinition,
  DossierImportServiceDefinition,
  DraftServiceDefinition,
  PaymentOperationsServiceDefinition,
  StatisticsServiceDefinition,
  TrackingServiceDefinition,
} from '@lienthong/contracts/casework';
import { type CommandBus, commandWith, type EventLog, mutationWith } from '@lienthong/eventlog';
import type { ContentHeader, FileStore, Scanner, UploadSlots } from '@lienthong/file-store';
import {
  type Attempts,
  type Context,
  type Database,
  type DueWorker,
  methodsWith,
  type Policy,
  type Sealer,
} from '@lienthong/kit';
import type { Press } from '@lienthong/paper';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { z } from 'zod';
import type { Caller, Command, Reply } from '../domain/decision/command.ts';
import type { Seals } from '../papers/seals.ts';
import type { Payments } from '../payments/compose.ts';
import type { ProcedureCache } from '../store/procedures.ts';
import type { OpenFiguresReader } from '../store/statistics/read-open-figures.ts';

export interface CitizenFileDeps {
  /** Reads the header of an upload, with the code and secret of the dossier. */
  header: z.ZodType<ContentHeader & { code: string; secret: string; name: string }>;
  slots: UploadSlots;
  scanner: Scanner | undefined;
}

export interface Deps {
  db: Database;
  reference: ReferenceCache;
  procedures: ProcedureCache;
  commands: CommandBus<Command, Reply>;
  events: EventLog;
  press: Press;
  seals: Seals;
  sealer: Sealer;
  files: FileStore;
  citizens: CitizenFileDeps;
  /** The page on which citizens follow their dossier; undefined: papers name none. */
  trackingPage: string | undefined;
  /** Undefined: payments are made at the one-stop unit only. */
  payments: Pick<Payments, 'name' | 'linkOf'> | undefined;
  openFigures: OpenFiguresReader;
  /** Carries imports out. */
  importing: Pick<DueWorker, 'wake'>;
  /** Wrong secrets, by a dossier's code. */
  attempts: Attempts;
}

export const { methods: Casework } = CaseworkServiceDefinition;
export const { methods: Tracking } = TrackingServiceDefinition;
export const { methods: Statistics } = StatisticsServiceDefinition;
export const { methods: CitizenFiles } = CitizenFileServiceDefinition;
export const { methods: Drafts } = DraftServiceDefinition;
export const { methods: CitizenPayments } = CitizenPaymentServiceDefinition;
export const { methods: PaymentOperations } = PaymentOperationsServiceDefinition;
export const { methods: Imports } = DossierImportServiceDefinition;
export const { methods: DossierFiles } = DossierFileServiceDefinition;
export const { query, list, upload, download } = methodsWith<Deps>();
export const command = commandWith<Deps>();
export const mutation = mutationWith<Deps>();

/** Who may work with dossiers; which ones, and what with them, is for each method to decide. */
export const WORKS_WITH_DOSSIERS: Policy = {
  anyOf: ['clerk', 'officer', 'leader', 'system'],
  ofAgency: true,
};

/** A request with papers, results and data of the largest sizes allowed. */
export const LARGE_REQUEST_BYTES = 2 * 1024 * 1024;

/** The part of a command that comes from the call. */
export const callerAndTimeOf = ({ caller, now }: Context): { caller: Caller; now: number } => ({
  caller,
  now: now.getTime(),
});

import { AttachmentServiceDefinition, DocumentRoutingServiceDefinition } from '@lienthong/contracts/routing';
import { type CommandBus, commandWith } from '@lienthong/eventlog';
import type { FileStore } from '@lienthong/file-store';
import { type Database, methodsWith, type Policy } from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import type { Command, Reply } from '../domain/command.ts';
import type { SignatureChecker } from '../signatures/checker.ts';

export interface Deps {
  db: Database;
  agencies: AgencyCache;
  commands: CommandBus<Command, Reply>;
  /** Undefined where the platform knows no authority that certifies signers. */
  signatures: SignatureChecker | undefined;
  /** A document needs the signatures of the competent person and of the agency. */
  signaturesRequired: boolean;
}

export interface AttachmentDeps {
  db: Database;
  agencies: AgencyCache;
  files: FileStore;
}

/** Callers who may work with documents; each method checks which documents. */
export const WORKS_WITH_DOCUMENTS: Policy = {
  anyOf: ['clerk', 'officer', 'leader', 'system'],
  ofAgency: true,
};

/** They see where documents are, and nothing of what these say. */
export const OPERATORS: Policy = { anyOf: ['admin'] };

export const { methods: Routing } = DocumentRoutingServiceDefinition;
export const { query, list } = methodsWith<Deps>();
export const command = commandWith<Deps>();

export const { methods: Attachments } = AttachmentServiceDefinition;
export const { upload, download } = methodsWith<AttachmentDeps>();

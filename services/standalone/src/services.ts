import { agencyDirectory } from '@lienthong/agency-directory';
import { audit } from '@lienthong/audit';
import { casework } from '@lienthong/casework';
import { documentRouting } from '@lienthong/document-routing';
import { feed } from '@lienthong/feed';
import { notification } from '@lienthong/notification';
import { procedureRegistry } from '@lienthong/procedure-registry';
import { traces } from '@lienthong/traces';

/** Every service of the platform; standalone is the one place that composes them. */
export const services = [
  agencyDirectory,
  procedureRegistry,
  documentRouting,
  casework,
  feed,
  notification,
  audit,
  traces,
];

export { Status } from 'nice-grpc-common';
export { type Certified, certificateProof } from './certificate-proof.ts';
export { type AgencyClient, type AgencyClientOptions, connectAgency, openChannel } from './connect.ts';
export { CHANNEL_OPTIONS, type ClientTls, toCredentials } from './credentials.ts';
export { decodeErrorDetails, type FieldViolation } from './details.ts';
export { LienThongError } from './errors.ts';
export type { EvidenceOptions, EvidenceSubject } from './evidence.ts';
export type { DownloadOptions, FileSource, UploadOptions } from './files.ts';
export type { FollowedEvent, FollowOptions } from './follow.ts';
